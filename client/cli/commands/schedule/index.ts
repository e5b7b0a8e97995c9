import type { Command } from 'commander';
import type { Cli } from '../cli-state.js';
import { addCreateCommand } from './create.js';
import { addShowCommands } from './show.js';
import { addSteeringCommands } from './steer.js';
import { addUpdateCommand } from './update.js';

/** `schedule`: jobs by cron, calendar or interval. */
export function addScheduleCommand(program: Command, cli: Cli): void {
  const group = program.command('schedule').description('run jobs by cron, calendar or interval');
  addCreateCommand(group, cli);
  addShowCommands(group, cli);
  addUpdateCommand(group, cli);
  addSteeringCommands(group, cli);
}
