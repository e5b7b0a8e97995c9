import { delimiter, dirname, join } from 'node:path';
import { execa } from 'execa';
import { nodeBinary } from './node-binary.js';
import { checkout } from './real-model.js';

/**
 * The unit tests and one job of each kind on every Node that is supported, but the one that runs this; no process of
 * the jobs may use what that Node calls deprecated.
 *
 * Usage: npm run test:node [-- MAJOR…]. Exit code 1 where a test fails.
 */
const versions: Readonly<Record<string, string>> = { 20: '20.20.2', 22: '22.23.3', 24: '24.21.0' };

const vitest = join(checkout, 'node_modules/vitest/vitest.mjs');
const ours = process.versions.node.split('.')[0];
const named = process.argv.slice(2);

for (const major of named.length > 0 ? named : Object.keys(versions).filter((other) => other !== ours)) {
  const version = versions[major];
  if (version === undefined) throw new Error(`Node ${major} is not supported; ${Object.keys(versions).join(', ')} are`);
  const node = await nodeBinary(version);
  console.log(`\nNode ${version}: the unit tests, and one job of each kind`);
  const passed =
    (await tests(node, ['--project', 'unit'])) &&
    (await tests(node, ['--project', 'server', 'test/end-to-end/kinds'], '--throw-deprecation'));
  if (!passed) process.exitCode = 1;
}

/** Whatever the tests start by the name `node` is that Node too. */
async function tests(node: string, args: readonly string[], options = ''): Promise<boolean> {
  const env = { PATH: `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}`, NODE_OPTIONS: options };
  const run = await execa(node, [vitest, 'run', ...args], { env, cwd: checkout, stdio: 'inherit', reject: false });
  return !run.failed;
}
