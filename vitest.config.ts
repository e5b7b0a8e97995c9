import { defineConfig } from 'vitest/config';

/** Tests that need the Temporal server; they share one, started for the whole run. */
const server = 'test/**/*.server.test.ts';

/** Tests against what others made (Python's libraries, an S3 server, Temporal's binary), and slow ones of processes. */
const interop = 'test/**/*.interop.test.ts';

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 20_000,
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: [server, interop] } },
      { extends: true, test: { name: 'interop', include: [interop] } },
      { extends: true, test: { name: 'server', include: [server], globalSetup: 'test/helpers/global-setup.ts' } },
    ],
  },
});
