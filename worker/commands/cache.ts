import { chooseBundles, findBundles, verifyBundle, type FoundBundle } from '../../engine/bundles/inventory.js';
import { removeBundle } from '../../engine/bundles/remove-bundle.js';
import { findPartials, removePartialDownload } from '../../engine/hub/cache/partial-downloads.js';
import type { Work } from '../../engine/workspace/work.js';
import { parseWith, storeCommandSchema, type StoredBundle, type VerifiedBundle } from '../../planner/index.js';
import { readWorkerConfig } from '../config.js';
import type { CommandAnswer } from './answer.js';

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
    return { answer: { bundles: bundlesOf(found), partials: await findPartials(hub.cacheDir) }, valid: true };
  }
  if (command.action === 'verify') return verify(chooseBundles(found, command.names), command.quick);
  const chosen = command.names.length === 0 ? [] : chooseBundles(found, command.names);
  const partials = command.partials ? await findPartials(hub.cacheDir) : [];
  for (const one of chosen) await removeBundle(home, one);
  for (const partial of partials) await removePartialDownload(partial);
  const bundles = bundlesOf(chosen);
  const bytes = [...bundles, ...partials].reduce((sum, each) => sum + each.bytes, 0);
  return { answer: { bundles, partials, bytes }, valid: true };
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
