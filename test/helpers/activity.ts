import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { onTestFinished } from 'vitest';
import type { ActivityConfig } from '../../activities/config.js';
import { readHeartbeat, type JobProgress } from '../../planner/index.js';

/** Where files are kept in memory, if this system has it: many or sparse files cost less there. */
export const memoryDisk = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** An empty folder that goes with the test. */
export async function temporaryFolder(disk = tmpdir()): Promise<string> {
  const folder = await mkdtemp(join(disk, 'model-jobs-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A worker's configuration whose home, root and cache are one folder. */
export function configIn(folder: string, overrides: Partial<ActivityConfig> = {}): ActivityConfig {
  return {
    home: join(folder, 'home'),
    roots: [folder],
    commands: [],
    hub: {
      endpoint: 'http://127.0.0.1:9',
      cacheDir: join(folder, 'hub'),
      offline: false,
      refuseUnverified: false,
      maxConnections: 32,
      timeouts: { metadataMs: 20_000, firstByteMs: 20_000, stallMs: 20_000 },
    },
    runtime: {
      cores: 2,
      processes: 2,
      memoryBytes: 4e9,
      timeoutMs: 60_000,
      modules: {},
      settings: { programs: {} },
    },
    ...overrides,
  };
}

/** An activity environment that keeps the progress it hears. */
export function activityEnvironment(info: ConstructorParameters<typeof MockActivityEnvironment>[0] = {}): {
  environment: MockActivityEnvironment;
  progress: JobProgress[];
} {
  const environment = new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') });
  const progress: JobProgress[] = [];
  environment.on('heartbeat', (details: unknown) => {
    const heartbeat = readHeartbeat(details);
    if (heartbeat?.progress) progress.push(heartbeat.progress);
  });
  return { environment, progress };
}
