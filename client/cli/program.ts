import { Command, CommanderError } from 'commander';
import { packageVersion } from '../../system/files/package-version.js';
import { addCancelCommand } from './commands/cancel.js';
import { addCacheCommand } from './commands/cache.js';
import type { Cli } from './commands/cli-state.js';
import { addDevCommand } from './commands/dev.js';
import { addListCommand } from './commands/list.js';
import { addManifestCommand } from './commands/manifest.js';
import { addPlanCommand } from './commands/plan.js';
import { addPresetsCommand } from './commands/presets.js';
import { addRetryFailedCommand } from './commands/retry-failed.js';
import { addResultCommand } from './commands/result.js';
import { addRerunCommand } from './commands/rerun.js';
import { addRunCommand } from './commands/run.js';
import { addScheduleCommand } from './commands/schedule/index.js';
import { addConcurrencyCommand, addPauseCommand, addResumeCommand } from './commands/steer.js';
import { addSignCommand } from './commands/sign.js';
import { addStartCommand } from './commands/start.js';
import { addStatusCommand } from './commands/status.js';
import { addSurfaceCommand } from './commands/surface.js';
import { addVerifyCommand } from './commands/verify.js';
import { addWatchCommand } from './commands/watch.js';
import { addWorkerCommand } from './commands/worker.js';
import { exitCodeOf, exitCodes } from './exit-codes.js';
import { printJson, remark, type CliIo } from './io.js';
import { errorJson, renderError } from './render/error.js';
import { visible } from './render/text.js';

/** In the order of the help: servers, jobs, schedules, disk, plans. */
const commands = [
  addDevCommand,
  addWorkerCommand,
  addRunCommand,
  addStartCommand,
  addStatusCommand,
  addWatchCommand,
  addResultCommand,
  addCancelCommand,
  addPauseCommand,
  addResumeCommand,
  addConcurrencyCommand,
  addRetryFailedCommand,
  addRerunCommand,
  addListCommand,
  addScheduleCommand,
  addCacheCommand,
  addSignCommand,
  addVerifyCommand,
  addPlanCommand,
  addManifestCommand,
  addPresetsCommand,
  addSurfaceCommand,
];

/**
 * Runs the command line.
 *
 * @param args without the program's name
 * @returns the exit code
 */
export async function runCli(args: readonly string[], io: CliIo): Promise<number> {
  const cli: Cli = { io, json: false, exitCode: exitCodes.done };
  try {
    await createProgram(cli).parseAsync(args, { from: 'user' });
    return cli.exitCode;
  } catch (error) {
    // Commander has written its own message.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.badRequest;
    if (cli.json) printJson(io, errorJson(error));
    remark(io, `model-jobs: ${renderError(error)}`);
    return exitCodeOf(error);
  }
}

function createProgram(cli: Cli): Command {
  const program = new Command('model-jobs')
    .description('Model work as durable functions: download, bundle, validate, warm, infer and batch.')
    .version(packageVersion('model-jobs') ?? 'unknown')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => cli.io.stdout.write(text),
      // What was typed stands in it.
      writeErr: (text) => cli.io.stderr.write(visible(text)),
    })
    .hook('preAction', (_program, command) => {
      cli.json = command.opts()['json'] === true;
    });
  for (const add of commands) add(program, cli);
  return program;
}
