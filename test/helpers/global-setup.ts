import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openServer } from '../../client/dev-server/index.js';
import { bundleWorkflows } from '../../worker/workflow-bundle.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** `host:port` of the Temporal server that all tests share. */
    temporalAddress: string;
    /** The file of the workflows' code, bundled of the sources. */
    workflowBundlePath: string;
  }
}

/**
 * Starts the one Temporal server of a test run, building it first on a machine that has none, and bundles the workflows
 * for all test files.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = await mkdtemp(join(tmpdir(), 'model-jobs-test-server-'));
  const report = (line: string): void => void process.stderr.write(`${line}\n`);
  const codePath = join(home, 'workflow-bundle.js');
  const [server] = await Promise.all([
    openServer({ home, ephemeral: true, port: 0, uiPort: 0, report }),
    bundleWorkflows().then((code) => writeFile(codePath, code)),
  ]);
  project.provide('temporalAddress', server.address);
  project.provide('workflowBundlePath', codePath);
  return async () => {
    await server.stop();
    await rm(home, { recursive: true, force: true });
  };
}
