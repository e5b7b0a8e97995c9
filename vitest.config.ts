import { defineConfig } from 'vitest/config';

/** Tests that need the Temporal server are named `*.server.test.ts`; they share one, started for the whole run. */
const server = 'test/**/*.server.test.ts';

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 20_000,
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: [server] } },
      { extends: true, test: { name: 'server', include: [server], globalSetup: 'test/helpers/global-setup.ts' } },
    ],
  },
});
