import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';

/** With MODEL_JOBS_SAVE_HISTORIES=1, what tests run is kept for the replay test. */
const save = process.env['MODEL_JOBS_SAVE_HISTORIES'] === '1';
const folder = new URL('../fixtures/histories/', import.meta.url);

/** Stack traces tell where the checkout is: that is nobody's business. */
const checkout = fileURLToPath(new URL('../..', import.meta.url));

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

/** Keeps a run's history under a name, where this test run is to keep them. */
export function saveHistory(name: string, history: History): void {
  if (!save) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL(`${name}.json`, folder), `${historyToJSON(history).replaceAll(checkout, '')}\n`);
}
