import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Tests that need the Temporal server; they share one, started for the whole run. */
const server = 'test/**/*.server.test.ts';

/** Tests of real processes and slow networks, and against what others made (Python's libraries, S3, Temporal's binary). */
const interop = 'test/**/*.interop.test.ts';

const unit = {
  include: ['test/**/*.test.ts'],
  exclude: [server, interop],
  setupFiles: 'test/helpers/one-process.ts',
};

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 20_000,
    // Files of one worker share their modules: to load those takes longer than many a test.
    isolate: false,
    // Half of the tests wait, for a network or for a server: one more than there are cores keeps these busy.
    maxWorkers: availableParallelism() + 1,
    projects: [
      { extends: true, test: { name: 'unit', ...unit } },
      { extends: true, test: { name: 'interop', include: [interop] } },
      { extends: true, test: { name: 'server', include: [server], globalSetup: 'test/helpers/global-setup.ts' } },
    ],
  },
});
