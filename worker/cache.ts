import { chooseBundles, findBundles, verifyBundle, type FoundBundle } from '../engine/bundles/inventory.js';
import { removeBundle } from '../engine/bundles/remove-bundle.js';
import type { ActivityConfig } from '../activities/config.js';
import { findPartials, removePartialDownload } from '../engine/hub/cache/partial-downloads.js';
import type { Work } from '../engine/workspace/work.js';
import { ModelJobError, type StoreCommand } from '../planner/index.js';
import { readWorkerConfig } from './config.js';

/**
 * The worker's store, for `model-jobs cache`: a command as JSON in, the answer as JSON on stdout, an error on stderr.
 * Exit codes: 0 done, 1 a bundle is not valid or it failed, 2 a bad request.
 */
async function main(): Promise<void> {
  const command = JSON.parse(process.argv[2] ?? '') as StoreCommand;
  const { activities } = readWorkerConfig(process.env);
  const answer = await answerTo(command, activities);
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

async function answerTo(command: StoreCommand, { home, hub }: ActivityConfig): Promise<unknown> {
  const found = await findBundles(home);
  const bundlesOf = (chosen: readonly FoundBundle[]) => chosen.map(({ bundle }) => bundle);
  if (command.action === 'list') return { bundles: bundlesOf(found), partials: await findPartials(hub.cacheDir) };
  const chosen = command.action === 'remove' && command.names.length === 0 ? [] : chooseBundles(found, command.names);
  if (command.action === 'verify') {
    const checks = [];
    for (const one of chosen) checks.push(await verifyBundle(one, silent, command.quick));
    if (!checks.every(({ valid }) => valid)) process.exitCode = 1;
    return checks;
  }
  const partials = command.partials ? await findPartials(hub.cacheDir) : [];
  for (const one of chosen) await removeBundle(home, one);
  for (const partial of partials) await removePartialDownload(partial);
  const bundles = bundlesOf(chosen);
  return { bundles, partials, bytes: [...bundles, ...partials].reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** Nobody watches. */
const silent: Work = { signal: new AbortController().signal, report: () => undefined };

try {
  await main();
} catch (error) {
  const known = error instanceof ModelJobError;
  process.stderr.write(`${known ? error.message : String(error)}\n`);
  process.exitCode = known ? 2 : 1;
}
