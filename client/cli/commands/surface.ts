import type { Command } from 'commander';
import { runSurfaceOperation, surfaceOperations } from '../../../planner/index.js';
import { printJson } from '../io.js';
import { readJson } from '../read-json.js';
import type { Cli } from './cli-state.js';
import { jsonOption } from './options.js';

/** `surface`: runs an operation of the crate's package surface. Needs no server. */
export function addSurfaceCommand(program: Command, cli: Cli): void {
  program
    .command('surface')
    .description("run an operation of the Rust crate's package surface, without a server")
    .argument('<operation>', Object.keys(surfaceOperations).join(', '))
    .argument('[input]', 'input as a JSON file, or - for stdin')
    .addOption(jsonOption('the response (as always)'))
    .action((operation: string, input: string | undefined) => runSurface(cli, operation, input));
}

async function runSurface({ io }: Cli, operation: string, input: string | undefined): Promise<void> {
  const value = input === undefined ? undefined : await readJson(io, input, 'input');
  printJson(io, runSurfaceOperation(value === undefined ? { operation } : { operation, input: value }));
}
