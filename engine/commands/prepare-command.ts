import { join } from 'node:path';
import type { ModelAccessJobRequest } from '../../planner/index.js';
import { admitCommand, type AdmittedCommand } from '../policy/admit-command.js';
import { checkOutputPatterns } from './collect-outputs.js';
import { jobVariables, requestedVariables } from './command-environment.js';
import { commandPaths, namedPlace } from './command-paths.js';
import { secretsOf } from './command-secrets.js';
import type { BundleInUse, CommandDeps, CommandWork } from './deps.js';
import { fillArguments } from './fill-arguments.js';
import type { JobFolder } from './job-folder.js';
import { limited, timesOf } from './limits.js';
import type { ProgramOptions } from './run-program.js';
import { createRedactor } from './redactor.js';
import { stdinOf } from './stdin.js';

/** What is to run, and where. */
export interface AskedRun {
  command: string;
  request: ModelAccessJobRequest;
  folder: JobFolder;
  bundle: BundleInUse | undefined;
  work: CommandWork;
}

/** What to run, and what was admitted: limits stand before it. */
export type ReadyCommand = Omit<ProgramOptions, 'onLine'> & { admitted: AdmittedCommand };

/**
 * Holds all that a request asks for its command against what the worker's operator allowed, before anything runs.
 *
 * @throws ModelJobError `PermissionDenied` that names rule and field, `InvalidArgument`, `NotFound`
 */
export async function prepareCommand(
  { commands, secrets: sourcesOfSecrets, paths, cores }: CommandDeps,
  { command, request, folder, bundle, work }: AskedRun,
): Promise<ReadyCommand> {
  const options = request.options?.command ?? {};
  checkOutputPatterns(options.outputs ?? []);
  const files = bundle && join(bundle.root, 'files');
  const field = 'options.command.cwd';
  const cwd = options.cwd == null ? folder.run : await namedPlace(paths, options.cwd, { field, kind: 'folder' });
  const sources = { request, paths, bundle: files, output: folder.run, own: folder.own, threads: cores };
  const args = await fillArguments(options.args ?? [], sources);
  const own = [folder.run, ...(files === undefined ? [] : [files])];
  const admitted = await admitCommand({ command, args }, commands, commandPaths(paths, cwd, own));
  const asked = { command, rules: admitted.rules };
  const secrets = await secretsOf(options, asked, sourcesOfSecrets);
  const { jobId, attempt, signal } = work;
  return {
    command,
    ...(await limited(admitted)),
    admitted,
    ...timesOf(options, admitted),
    stdin: await stdinOf(options.stdin, request.inputs, { paths, secrets }),
    folder: folder.run,
    cwd,
    env: {
      ...requestedVariables(options.env ?? {}, asked, secrets),
      ...jobVariables({ jobId, attempt, folder, bundle: files }),
    },
    exitCodes: { success: options.successExitCodes ?? [0], retryable: options.retryableExitCodes ?? [] },
    ...(secrets.size === 0 ? {} : { redactor: createRedactor([...secrets.values()]) }),
    signal,
  };
}
