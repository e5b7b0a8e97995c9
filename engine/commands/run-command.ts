import { join } from 'node:path';
import {
  modelMetadata,
  ModelJobError,
  outputArtifactId,
  traced,
  type ArtifactRef,
  type CommandFacts,
  type ModelAccessJobRequest,
} from '../../planner/index.js';
import { writeFileAtomic } from '../../system/files/atomic-write.js';
import { openHashRecord } from '../../system/hashing/index.js';
import { admitCommand } from '../policy/admit-command.js';
import type { AllowedCommand } from '../policy/schema.js';
import { fileArtifact } from '../workspace/file-artifact.js';
import { inputVersions } from '../workspace/input-versions.js';
import type { PathGuard } from '../workspace/paths.js';
import { provenanceHere } from '../workspace/provenance.js';
import { pinVersion, versionOf } from '../workspace/pin-version.js';
import { leadToRun, openRunFolder } from '../workspace/run-folder.js';
import type { JobWork } from '../workspace/work.js';
import { programVersion } from './program-version.js';
import { runProgram, type ProgramRun } from './run-program.js';
import { stdinOf } from './stdin.js';

/** Programs are hashed once for as long as they stay as they are. */
const hashes = openHashRecord();

/** What commands work with. */
export interface CommandDeps {
  home: string;
  /** Commands that jobs may run. */
  commands: readonly AllowedCommand[];
  paths: PathGuard;
}

/**
 * Runs a request's command with its arguments, and its inputs as JSON Lines on stdin.
 *
 * @throws ModelJobError `PermissionDenied` for a command that is not allowed, `Failed` for one that can't be
 *   started, takes too long or ends with another status than 0
 */
export async function runCommand(
  { home, commands, paths }: CommandDeps,
  request: ModelAccessJobRequest,
  work: JobWork,
): Promise<CommandFacts> {
  const command = commandOf(request);
  const asked = { command, args: request.options?.command?.args ?? [] };
  const { program, args } = await admitCommand(asked, commands, (path) => paths.resolve(path, 'options.command.args'));
  const folder = await openRunFolder(home, work);
  const report = (message: string): void => work.report({ completed: 0, total: 1, unit: 'steps', message });
  report(`running ${command}`);
  const version = await programVersion([program, ...args], async (path) => (await hashes).sha256(path));
  const model = pinVersion(versionOf(command, version), work);
  const stdin = await stdinOf(request.inputs, paths);
  const inputs = await inputVersions(request.inputs, paths, { hashed: false, signal: work.signal });
  try {
    const run = await runProgram({
      command,
      program,
      args,
      timeoutSeconds: request.options?.command?.timeoutSeconds ?? 3600,
      stdin,
      folder,
      signal: work.signal,
      onLine: report,
    });
    const provenance = provenanceHere({ request, model, ...inputs });
    return { ...run.facts, model, artifacts: traced(await artifactsOf(request, run, folder), provenance), provenance };
  } finally {
    // The logs of a command that fails are what its user looks for.
    await leadToRun(folder);
  }
}

function commandOf({ spec }: ModelAccessJobRequest): string {
  if (spec.source.kind === 'external_command') return spec.source.command;
  throw new ModelJobError('InvalidArgument', 'external model command jobs require ModelSource::ExternalCommand');
}

async function artifactsOf(request: ModelAccessJobRequest, run: ProgramRun, folder: string): Promise<ArtifactRef[]> {
  const metadata = modelMetadata(request.spec, request.backend);
  const output = join(folder, 'output.json');
  await writeFileAtomic(output, `${JSON.stringify(run.facts)}\n`);
  const logs = [...run.logs.stdout, ...run.logs.stderr];
  return Promise.all([
    fileArtifact(output, {
      id: outputArtifactId(request, 'output'),
      kind: 'json',
      mediaType: 'application/json',
      metadata,
    }),
    ...logs.map((name) =>
      fileArtifact(join(folder, name), {
        id: outputArtifactId(request, name.replace(/\.log$/, '')),
        kind: 'log',
        mediaType: 'text/plain',
        metadata,
      }),
    ),
  ]);
}
