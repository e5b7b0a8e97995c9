import { setTimeout as sleep } from 'node:timers/promises';
import { ModelJobError, type ModelJobProblem } from '../../../planner/index.js';
import type { HistoryEntry, NodeErrors, Refusal } from './answers.js';
import type { ComfyApi } from './api.js';

/** Between two looks at the server, in milliseconds: soon for quick workflows, seldom for long ones. */
const firstWaitMs = 50;
const longestWaitMs = 1000;

/** Looks at a prompt that is neither in the queue nor in the history before it counts as lost. */
const missesAllowed = 3;

/**
 * Waits until a prompt has ended.
 *
 * @throws ModelJobError `StateUnavailable` when the server forgot it; the signal's reason when aborted
 */
export async function follow(
  api: ComfyApi,
  promptId: string,
  { signal, log }: { signal: AbortSignal; log: (line: string) => void },
): Promise<HistoryEntry> {
  let misses = 0;
  let last: string | undefined;
  for (let wait = firstWaitMs; ; wait = Math.min(wait * 1.5, longestWaitMs)) {
    const entry = await api.history(promptId, signal);
    if (entry) return entry;
    const place = await api.place(promptId, signal);
    if (place !== undefined && place !== last) log(`ComfyUI: prompt ${promptId} is ${place}`);
    last = place;
    // Between queue and history there is a moment in neither.
    misses = place === undefined ? misses + 1 : 0;
    if (misses >= missesAllowed)
      throw new ModelJobError('StateUnavailable', `ComfyUI at ${api.address} no longer knows prompt ${promptId}`);
    await sleep(wait, undefined, { signal });
  }
}

/** The failure of a prompt that has ended; undefined for one that succeeded. */
export function failureOf({ status }: HistoryEntry): ModelJobError | undefined {
  const messages = new Map(status?.messages ?? []);
  const error = messages.get('execution_error');
  if (error) {
    const text = (name: string): string => (typeof error[name] === 'string' ? error[name].trim() : '');
    const reason = text('exception_message') || text('exception_type') || 'no reason given';
    const node = `node ${text('node_id')} (${text('node_type')})`;
    return failed(`the workflow failed at ${node}: ${reason}`, {
      nodeId: text('node_id'),
      nodeType: text('node_type'),
      exceptionType: text('exception_type'),
    });
  }
  if (messages.has('execution_interrupted')) return failed('the workflow was interrupted on the server');
  return status?.status_str === 'error' ? failed('the workflow failed, and the server does not say why') : undefined;
}

/** The error of a workflow that the server does not take. */
export function refusalError({ error, node_errors }: Refusal): ModelJobError {
  const problems = problemsOf(node_errors);
  const list = problems.map(({ path, message }) => `${path}: ${message}`).join('; ');
  const detail = [error.message, error.details].filter(Boolean).join(' ');
  return new ModelJobError('InvalidArgument', `ComfyUI refuses the workflow: ${list === '' ? detail : list}`, {
    problems,
  });
}

/** What is wrong with which input of which node. */
export function problemsOf(errors: NodeErrors): ModelJobProblem[] {
  return Object.entries(errors).flatMap(([id, { errors: list }]) =>
    list.map(({ message, details, extra_info: extra }) => {
      const name = (extra as { input_name?: unknown } | null | undefined)?.input_name;
      const path = typeof name === 'string' ? `workflow.${id}.inputs.${name}` : `workflow.${id}`;
      return { path, message: details ? `${message} (${details})` : message };
    }),
  );
}

function failed(detail: string, details: Record<string, unknown> = {}): ModelJobError {
  return new ModelJobError('Failed', detail, { retryable: false, details });
}
