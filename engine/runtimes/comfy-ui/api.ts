import { z } from 'zod';
import { ModelJobError } from '../../../planner/index.js';
import {
  historySchema,
  queuedSchema,
  queueSchema,
  refusalSchema,
  systemSchema,
  type HistoryEntry,
  type NodeErrors,
  type Refusal,
  type ServerFile,
} from './answers.js';
import { serverHttp } from './http.js';

/** How long a file may take. */
const fileMs = 600_000;

/** ComfyUI's HTTP interface (`server.py` of ComfyUI), as far as it is used. */
export interface ComfyApi {
  /** The address, without a password. */
  address: string;
  version(signal: AbortSignal): Promise<string | undefined>;
  /**
   * Puts a workflow into the queue.
   *
   * @returns the prompt's id, which older servers choose themselves; or why the server does not take it
   */
  queue(
    prompt: { workflow: unknown; clientId: string; promptId: string },
    signal: AbortSignal,
  ): Promise<{ promptId: string; nodeErrors: NodeErrors } | Refusal>;
  /** What became of a prompt; undefined until it has ended. */
  history(promptId: string, signal: AbortSignal): Promise<HistoryEntry | undefined>;
  /** Where a prompt is; undefined for one that is not in the queue. */
  place(promptId: string, signal: AbortSignal): Promise<'running' | 'pending' | undefined>;
  /** Takes a prompt that waits out of the queue. */
  remove(promptId: string, signal: AbortSignal): Promise<void>;
  /** Stops the prompt that runs. */
  interrupt(promptId: string, signal: AbortSignal): Promise<void>;
  /** The bytes of a file, and their media type. */
  view(file: ServerFile, signal: AbortSignal): Promise<Response>;
}

/**
 * The server at an address. Every call throws ModelJobError: `StateUnavailable`, which may pass, where the server can't
 * be reached or fails; `Failed` for an answer that is none of ComfyUI's.
 */
export function comfyApi(url: string): ComfyApi {
  const server = serverHttp(url);
  return {
    address: server.address,
    async version(signal) {
      return (await server.read(systemSchema, '/system_stats', { signal })).system.comfyui_version ?? undefined;
    },
    async queue({ workflow, clientId, promptId }, signal) {
      const body = { prompt: workflow, client_id: clientId, prompt_id: promptId };
      const answer = await server.read(z.union([queuedSchema, refusalSchema]), '/prompt', { signal, body });
      return 'error' in answer ? answer : { promptId: answer.prompt_id, nodeErrors: answer.node_errors };
    },
    async history(promptId, signal) {
      return (await server.read(historySchema, `/history/${encodeURIComponent(promptId)}`, { signal }))[promptId];
    },
    async place(promptId, signal) {
      const { queue_running, queue_pending } = await server.read(queueSchema, '/queue', { signal });
      const holds = (entries: unknown[][]): boolean => entries.some(([, id]) => id === promptId);
      if (holds(queue_running)) return 'running';
      return holds(queue_pending) ? 'pending' : undefined;
    },
    async remove(promptId, signal) {
      await done(server.call('/queue', { signal, body: { delete: [promptId] } }));
    },
    async interrupt(promptId, signal) {
      // Newer servers stop this prompt alone; older ones read no body, and stop what runs.
      await done(server.call('/interrupt', { signal, body: { prompt_id: promptId } }));
    },
    async view(file, signal) {
      const path = `/view?${new URLSearchParams(file).toString()}`;
      const response = await server.call(path, { signal, limitMs: fileMs });
      if (response.ok && response.body) return response;
      const detail = `ComfyUI at ${server.address} answered ${response.status} to ${path}`;
      throw new ModelJobError('Failed', detail, { retryable: false });
    },
  };
}

/** Reads an answer that says nothing, so that its connection is free again. */
async function done(answer: Promise<Response>): Promise<void> {
  await (await answer).arrayBuffer();
}
