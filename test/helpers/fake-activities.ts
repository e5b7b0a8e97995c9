import { ApplicationFailure } from '@temporalio/activity';
import type { Activities } from '../../activities/index.js';
import type { ArtifactRef, BundleFacts } from '../../planner/index.js';

const artifact: ArtifactRef = {
  id: 'output',
  kind: 'json',
  mediaType: 'application/json',
  uri: 'file:///o',
  metadata: {},
};

const bundle: BundleFacts = {
  bundleRoot: '/bundles/m/main',
  manifestPath: '/bundles/m/main/manifest.json',
  commit: null,
  files: 1,
  bytesTotal: 1,
  bytesFetched: 1,
  bytesReused: 0,
  artifacts: [],
};

/**
 * Activities that answer at once with what the crate's placeholders answer, for tests of the workflows alone.
 *
 * @param error the crate's message of the run's error, which the command then throws
 */
export function fakeActivities(error: string | null = null): Activities {
  return {
    awaitInputs: () => Promise.resolve({ missing: [] }),
    downloadModel: () => Promise.resolve(bundle),
    materializeBundle: () => Promise.resolve(bundle),
    validateBundle: () =>
      failing(error, { valid: true, files: 0, bytes: 0, problems: [], inputArtifacts: [], manifestArtifact: null }),
    warmRuntime: () =>
      Promise.resolve({
        loadMs: 1,
        firstRunMs: 1,
        secondRunMs: 1,
        alreadyLoaded: false,
        sample: 'x',
        bundleDigest: null,
        outputDigest: '0',
        processes: 1,
        memoryBytes: 1,
      }),
    runInference: ({ inputs }) =>
      Promise.resolve({
        inputCount: inputs.length,
        outputs: inputs.map(() => null),
        artifact,
        alreadyLoaded: false,
        loadMs: 1,
        runMs: 1,
      }),
    planShards: ({ request: { inputs } }) =>
      Promise.resolve({ folder: '/jobs/b', rows: inputs.length, shards: Math.min(inputs.length, 1), shardSize: 500 }),
    runShard: ({ plan, shard }) => Promise.resolve({ shard, succeeded: plan.rows, failed: 0 }),
    assembleBatch: ({ plan }) => Promise.resolve({ artifacts: [], succeeded: plan.rows, failed: 0, missingShards: [] }),
    listDone: () => Promise.resolve({ artifacts: [], errors: [] }),
    runCommand: () => failing(error, { status: 0, stdout: 'out\n', stderr: 'err\n', durationMs: 1, artifacts: [] }),
  };
}

/** Fails as the crate does: `job failed: …` is code `Failed` with the rest as its detail. */
function failing<T>(error: string | null, value: T): Promise<T> {
  if (error === null) return Promise.resolve(value);
  const type = error.startsWith('not found: ') ? 'NotFound' : 'Failed';
  const message = error.replace(/^(?:not found|job failed): /, '');
  return Promise.reject(
    ApplicationFailure.create({
      type,
      message,
      nonRetryable: true,
      details: [{ message: error, problems: [], details: {} }],
    }),
  );
}
