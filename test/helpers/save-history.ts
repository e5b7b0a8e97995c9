import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';

/** With MODEL_JOBS_SAVE_HISTORIES=1, what tests run is kept for the replay test. */
export const savesHistories = process.env['MODEL_JOBS_SAVE_HISTORIES'] === '1';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const folder = new URL(`../fixtures/histories/${version}/`, import.meta.url);

/** Stack traces tell where the checkout is: that is nobody's business. */
const checkout = fileURLToPath(new URL('../..', import.meta.url));

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

/**
 * Keeps a run's history under its scenario and this version, where this test run is to keep them. One that is there
 * stays: a break of the workflow must not vanish with the history that shows it.
 */
export function saveHistory(name: string, history: History): void {
  if (savesHistories) addHistory(folder, name, `${historyToJSON(history).replaceAll(checkout, '')}\n`);
}

/** Writes a history that is not there yet. Returns whether it was written. */
export function addHistory(folder: URL, name: string, json: string): boolean {
  const file = new URL(`${name}.json`, folder);
  if (existsSync(file)) return false;
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, json, { flag: 'wx' });
  return true;
}
