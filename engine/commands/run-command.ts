import {
  ModelJobError,
  modelMetadata,
  repoIdOf,
  traced,
  type CommandFacts,
  type ModelAccessJobRequest,
} from '../../planner/index.js';
import { openHashRecord } from '../../system/hashing/index.js';
import { findAllowed } from '../policy/find-allowed.js';
import { inputVersions } from '../workspace/input-versions.js';
import { provenanceHere } from '../workspace/provenance.js';
import { pinVersion, versionOf } from '../workspace/pin-version.js';
import { leadToRun } from '../workspace/run-folder.js';
import { artifactsOf } from './artifacts.js';
import type { BundleInUse, CommandDeps, CommandWork } from './deps.js';
import { openJobFolder } from './job-folder.js';
import { limitFailure } from './limit-failure.js';
import { prepareCommand } from './prepare-command.js';
import { ProgramFailure } from './program-failure.js';
import { programVersion } from './program-version.js';
import { takeReports } from './take-reports.js';
import { runProgram } from './run-program.js';

/** Programs are hashed once for as long as they stay as they are. */
const hashes = openHashRecord();

/**
 * Runs a request's command.
 *
 * @throws ModelJobError `PermissionDenied` for what the worker's operator does not allow, `Failed` for a program that
 *   can't be started, takes too long, says nothing for too long or ends with another status than it should
 */
export async function runCommand(
  deps: CommandDeps,
  request: ModelAccessJobRequest,
  work: CommandWork,
): Promise<CommandFacts> {
  const command = commandOf(request);
  // Before anything is fetched for it.
  await findAllowed(command, deps.commands);
  const { spec } = request;
  if (spec.files.length === 0 || repoIdOf(spec) === undefined) return runWith(undefined, { deps, request, work });
  return deps.useBundle(request, work, (bundle) => runWith(bundle, { deps, request, work }));
}

async function runWith(
  bundle: BundleInUse | undefined,
  { deps, request, work }: { deps: CommandDeps; request: ModelAccessJobRequest; work: CommandWork },
): Promise<CommandFacts> {
  const command = commandOf(request);
  const folder = await openJobFolder(deps.home, request, work);
  const ready = await prepareCommand(deps, { command, request, folder, bundle, work });
  const { program, args, rules } = ready.admitted;
  const reports = takeReports({
    report: work.report,
    log: work.log,
    redact: (text) => ready.redactor?.text(text) ?? text,
    checkpoint: folder.checkpoint,
  });
  reports.say(`running ${command}`);
  const version = await programVersion([program, ...args], async (path) => (await hashes).sha256(path));
  const model = bundle?.identity ?? pinVersion(versionOf(command, version), work);
  const inputs = await inputVersions(request.inputs, deps.paths, { hashed: false, signal: work.signal });
  try {
    let last = '';
    const onWait = (): void => reports.say('waiting: as many commands run as may');
    const start = () =>
      runProgram({
        ...ready,
        onLine: (line) => reports.say((last = line)),
        onReport: (told) => reports.take(told),
        onSilence: ({ seconds, busy }) =>
          reports.say(`${last} (silent for ${seconds} s, ${busy ? 'busy' : 'idle'})`.trimStart()),
      });
    const run = await deps.slots.run(rules, { signal: work.signal, onWait }, start);
    await reports.done();
    const provenance = provenanceHere({ request, model, ...inputs });
    const place = {
      request,
      folder: folder.run,
      metadata: modelMetadata(request.spec, request.backend),
      signal: work.signal,
    };
    return {
      ...run.facts,
      model,
      artifacts: traced(
        await artifactsOf(place, run, { reported: reports.files(), redactor: ready.redactor }),
        provenance,
      ),
      provenance,
    };
  } catch (error) {
    if (!(error instanceof ProgramFailure)) throw error;
    throw limitFailure(error, rules?.rules.limits ?? {}, `${rules?.place}.limits`);
  } finally {
    // The logs of a command that fails are what its user looks for.
    await leadToRun(folder.run);
  }
}

function commandOf({ spec }: ModelAccessJobRequest): string {
  if (spec.source.kind === 'external_command') return spec.source.command;
  throw new ModelJobError('InvalidArgument', 'external model command jobs require ModelSource::ExternalCommand');
}
