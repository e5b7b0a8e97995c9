import { backendName, type ModelAccessJobRequest, type Version } from '../../planner/index.js';
import { packageVersion } from '../../system/files/package-version.js';
import { runtimeFor } from '../models/contract/registry.js';
import type { InferenceDeps } from './deps.js';
import { runtimeVersion } from './runtime-version.js';
import type { UsedModel } from './use-model.js';

/**
 * What has run a request's model: the backend, with the versions of the packages that its answers depend on
 * (`onnxruntime-node 1.30.0, …`), else of its program, server or module.
 */
export async function backendVersion(
  { runtimes, settings }: Pick<InferenceDeps, 'runtimes' | 'settings'>,
  request: ModelAccessJobRequest,
  { fallback }: Pick<UsedModel, 'fallback'>,
  signal: AbortSignal,
): Promise<Version> {
  const ran = fallback ? { ...request, backend: fallback.used } : request;
  const name = backendName(ran.backend);
  const runtime = runtimeFor(runtimes, name);
  const packages = runtime.packages?.map((one) => `${one} ${packageVersion(one) ?? 'of an unknown version'}`);
  if (packages) return { name, version: packages.join(', ') };
  return { name, version: (await runtimeVersion(runtime, { request: ran, settings, signal })).version };
}
