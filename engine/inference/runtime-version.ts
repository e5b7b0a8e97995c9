import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { backendName, isSameModel, ModelJobError, versionIdentity, type ModelIdentity } from '../../planner/index.js';
import { openHashRecord } from '../../system/hashing/index.js';
import { compiledModule } from '../../system/threads/compiled-module.js';
import type { RuntimeEntry, VersionQuestion } from '../models/contract/registry.js';
import type { JobWork } from '../workspace/work.js';

/** Hashed once for as long as they stay as they are. */
const hashes = openHashRecord();

/** The identity of a model without files: what its runtime says of its version, else the runtime's own module. */
export async function runtimeVersion(
  runtime: RuntimeEntry,
  question: Omit<VersionQuestion, 'sha256'>,
): Promise<ModelIdentity> {
  const sha256 = async (path: string): Promise<string> => (await hashes).sha256(path);
  const told = await runtime.version?.({ ...question, sha256 });
  const name = backendName(question.request.backend);
  const text = told?.version ?? `runtime module sha256:${await sha256(fileURLToPath(compiledModule(runtime.module)))}`;
  return versionIdentity(told?.label ?? name, text, createHash('sha256').update(text).digest('hex'));
}

/**
 * Pins a version, or holds it against the one that is pinned.
 *
 * @throws ModelJobError `IntegrityError` for another one
 */
export function pinVersion(found: ModelIdentity, { pinned, pin }: JobWork): ModelIdentity {
  if (!pinned) pin(found);
  else if (pinned.version !== null && !isSameModel(pinned, found)) {
    throw new ModelJobError(
      'IntegrityError',
      `the model that this job pinned, ${pinned.label} (${pinned.version}), can't be had any more: it is ${found.version} now`,
      { details: { pinned, found } },
    );
  }
  return found;
}
