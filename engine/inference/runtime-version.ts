import { fileURLToPath } from 'node:url';
import { backendName, type ModelIdentity } from '../../planner/index.js';
import { openHashRecord } from '../../system/hashing/index.js';
import { compiledModule } from '../../system/threads/compiled-module.js';
import { versionOf } from '../workspace/pin-version.js';
import type { RuntimeEntry, VersionQuestion } from '../models/contract/registry.js';

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
  return versionOf(told?.label ?? name, text);
}
