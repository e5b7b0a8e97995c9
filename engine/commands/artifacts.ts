import { join, relative } from 'node:path';
import { ModelJobError, outputArtifactId, type ArtifactRef } from '../../planner/index.js';
import { writeFileAtomic } from '../../system/files/atomic-write.js';
import { fileArtifact } from '../workspace/file-artifact.js';
import { filesArtifacts, type OutputPlace } from '../workspace/files-artifacts.js';
import { collectOutputs } from './collect-outputs.js';
import type { Redactor } from './redactor.js';
import type { ProgramRun } from './run-program.js';

/**
 * What a run of a command leaves: its output as JSON, the logs that hold something, the files that the request names.
 *
 * @throws ModelJobError `Failed` for a file that the program did not make, `PermissionDenied` for one with a secret in it
 */
export async function artifactsOf(
  place: OutputPlace,
  run: ProgramRun,
  { reported, redactor }: { reported: readonly string[]; redactor: Redactor | undefined },
): Promise<ArtifactRef[]> {
  const { request, folder, metadata, signal } = place;
  const files = await collectOutputs(folder, request.options?.command?.outputs ?? [], reported);
  for (const { path } of files) if (await redactor?.isIn(path)) throw tellsSecret(relative(folder, path));
  const output = join(folder, 'output.json');
  await writeFileAtomic(output, `${JSON.stringify(run.facts)}\n`);
  const logs = [...run.logs.stdout, ...run.logs.stderr];
  return [
    await fileArtifact(output, {
      id: outputArtifactId(request, 'output'),
      kind: 'json',
      mediaType: 'application/json',
      metadata,
    }),
    ...(await Promise.all(
      logs.map((name) =>
        fileArtifact(
          join(folder, name),
          { id: outputArtifactId(request, name.replace(/\.log$/, '')), kind: 'log', mediaType: 'text/plain', metadata },
          signal,
        ),
      ),
    )),
    ...(await filesArtifacts(place, files)),
  ];
}

function tellsSecret(name: string): ModelJobError {
  return new ModelJobError(
    'PermissionDenied',
    `options.command.outputs: \`${name}\` holds a secret that the job was given`,
  );
}
