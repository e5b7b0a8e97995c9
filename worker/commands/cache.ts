import { chooseBundles, findBundles, verifyBundle, type FoundBundle } from '../../engine/bundles/inventory.js';
import { pruneBundles, unneeded } from '../../engine/bundles/prune.js';
import { removeBundle } from '../../engine/bundles/remove-bundle.js';
import { findPartials, removePartialDownload } from '../../engine/hub/cache/partial-downloads.js';
import { findEarlierRuns, removeRun } from '../../engine/workspace/earlier-runs.js';
import type { Work } from '../../engine/workspace/work.js';
import {
  parseWith,
  storeCommandSchema,
  type StoredBundle,
  type StoreListing,
  type StoreRemoval,
  type VerifiedBundle,
} from '../../planner/index.js';
import { readWorkerConfig } from '../config.js';
import type { CommandAnswer } from './command-answer.js';

/** In milliseconds. */
const dayMs = 86_400_000;

/**
 * What the worker keeps on its disk: lists, checks or removes it.
 *
 * @throws ModelJobError `NotFound` for a bundle that is not there
 */
export async function answerCache(input: unknown): Promise<CommandAnswer> {
  const command = parseWith(storeCommandSchema(), input, 'command');
  const { home, hub } = readWorkerConfig(process.env).activities;
  const found = await findBundles(home);
  if (command.action === 'list') {
    const [partials, runs] = await Promise.all([findPartials(hub.cacheDir), findEarlierRuns(home)]);
    return { answer: { bundles: bundlesOf(found), partials, runs }, valid: true };
  }
  if (command.action === 'prune') return { answer: await prune(home, found, command), valid: true };
  if (command.action === 'verify') return verify(chooseBundles(found, command.names), command.quick);
  const chosen = command.names.length === 0 ? [] : chooseBundles(found, command.names);
  const partials = command.partials ? await findPartials(hub.cacheDir) : [];
  for (const one of chosen) await removeBundle(home, one);
  for (const partial of partials) await removePartialDownload(partial);
  return { answer: removalOf({ bundles: bundlesOf(chosen), partials, runs: [] }), valid: true };
}

/** What nobody has needed for some days. */
async function prune(
  home: string,
  found: readonly FoundBundle[],
  { days, dryRun }: { days: number; dryRun: boolean },
): Promise<StoreRemoval> {
  const before = Date.now() - days * dayMs;
  const old = unneeded(found, before);
  const runs = (await findEarlierRuns(home)).filter(({ changedAt }) => Date.parse(changedAt) < before);
  if (dryRun) return removalOf({ bundles: bundlesOf(old), partials: [], runs });
  const gone = await pruneBundles(home, old, before);
  for (const run of runs) await removeRun(run);
  return removalOf({ bundles: bundlesOf(gone), partials: [], runs });
}

function removalOf(removed: StoreListing): StoreRemoval {
  const all = [...removed.bundles, ...removed.partials, ...removed.runs];
  return { ...removed, bytes: all.reduce((sum, { bytes }) => sum + bytes, 0) };
}

async function verify(chosen: readonly FoundBundle[], quick: boolean): Promise<CommandAnswer> {
  const checks: VerifiedBundle[] = [];
  for (const one of chosen) checks.push(await verifyBundle(one, silent, quick));
  return { answer: checks, valid: checks.every(({ valid }) => valid) };
}

function bundlesOf(found: readonly FoundBundle[]): StoredBundle[] {
  return found.map(({ bundle }) => bundle);
}

/** Nobody watches. */
const silent: Work = { signal: new AbortController().signal, report: () => undefined };
