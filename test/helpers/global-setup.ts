import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openServer } from '../../client/dev-server/index.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** `host:port` of the Temporal server that all tests share. */
    temporalAddress: string;
  }
}

/** Starts the one Temporal server of a test run, building it first on a machine that has none. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = await mkdtemp(join(tmpdir(), 'model-jobs-test-server-'));
  const report = (line: string): void => void process.stderr.write(`${line}\n`);
  const server = await openServer({ home, ephemeral: true, port: 0, uiPort: 0, report });
  project.provide('temporalAddress', server.address);
  return async () => {
    await server.stop();
    await rm(home, { recursive: true, force: true });
  };
}
