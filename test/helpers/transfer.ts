import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openActivities } from '../../activities/index.js';
import type { HubConfig } from '../../engine/hub/config.js';
import { startHub, type Hub, type HubOptions } from '../../demo/hub/index.js';
import { parseModelAccessJobRequest, type FileRequest, type ModelAccessJobRequest } from '../../planner/index.js';
import { activityEnvironment, configIn, temporaryFolder } from './activity.js';

export const repoId = 'demo/model';

/** A hub with one repository, a worker's folders, and the transfer activities over both. */
export async function transferBox(
  files: Record<string, string | Uint8Array>,
  { config: overrides, disk, ...options }: Partial<HubOptions> & { config?: HubOverrides; disk?: string } = {},
) {
  const folder = await temporaryFolder(disk);
  const repoFolder = join(folder, 'repo');
  await mkdir(repoFolder);
  await writeFiles(repoFolder, files);
  const hub: Hub = await startHub({ repos: { [repoId]: { folder: repoFolder } }, ...options });
  onTestFinished(() => hub.close());
  const worker = workerOn(folder, hub, overrides);
  return {
    folder,
    repoFolder,
    hub,
    ...worker,
    secondWorker: (name: string) => workerOn(join(folder, name), hub, overrides),
  };
}

/** Settings of the hub; one time-out for all, in milliseconds. */
export type HubOverrides = Partial<HubConfig> & { timeoutMs?: number; token?: string };

function allTimeouts(ms: number): HubConfig['timeouts'] {
  return { metadataMs: ms, firstByteMs: ms, stallMs: ms };
}

/** A worker's folders and activities. */
export function workerOn(folder: string, hub: { url: string }, { timeoutMs, token, ...overrides }: HubOverrides = {}) {
  const cacheDir = join(folder, 'hub');
  const base = configIn(folder);
  const timeouts = timeoutMs === undefined ? {} : { timeouts: allTimeouts(timeoutMs) };
  const auth = token === undefined ? {} : { auth: { scheme: 'Bearer' as const, value: token } };
  const config = { ...base, hub: { ...base.hub, endpoint: hub.url, cacheDir, ...timeouts, ...auth, ...overrides } };
  const { downloadModel, materializeBundle, validateBundle } = openActivities(config).activities;
  const activities = { downloadModel, materializeBundle, validateBundle };
  const cache = join(cacheDir, 'models--demo--model');
  const bundle = join(config.home, 'bundles', 'demo_model', 'main');
  const run = <Name extends keyof typeof activities>(name: Name, request: ModelAccessJobRequest) => {
    const { environment, progress } = activityEnvironment();
    const running = environment.run(activities[name], request) as ReturnType<(typeof activities)[Name]>;
    return Object.assign(running, { cancel: () => environment.cancel('CANCELLED'), progress });
  };
  return { config, cache, bundle, activities, run };
}

export function requestOf(files: FileRequest[], overrides: Record<string, unknown> = {}): ModelAccessJobRequest {
  return parseModelAccessJobRequest({
    kind: 'Download',
    spec: {
      name: repoId,
      task: 'text_classification',
      source: { kind: 'hugging_face', repo_id: repoId, revision: 'main' },
      files,
    },
    backend: 'onnx',
    ...overrides,
  });
}

export async function writeFiles(folder: string, files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}

/** Bytes that no compression makes small, the same for the same seed. */
export function noise(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let index = 0, state = seed; index < length; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}
