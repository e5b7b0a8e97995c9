import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** What a thread says about a hasher. */
export type HashReply = { id: number; at: number } | { id: number; digest: string } | { id: number; error: unknown };

type Listener = (reply: HashReply) => void;

/** A thread that hashes, with the hashers that it serves. */
export interface HashThread {
  listen(id: number, listener: Listener): void;
  release(id: number): void;
  send(command: { id: number; type: string } & Record<string, unknown>): void;
}

interface Slot extends HashThread {
  listeners: Map<number, Listener>;
}

/** One thread for each core at most, started when they are needed; idle ones do not keep the process alive. */
const slots = new Set<Slot>();

/** How many files are worth hashing at once. */
export const hashThreads = availableParallelism();

/** The thread that has the least to do. */
export function freestThread(): HashThread {
  const [freest] = [...slots].sort((one, other) => one.listeners.size - other.listeners.size);
  if (freest && (freest.listeners.size === 0 || slots.size >= hashThreads)) return freest;
  return startThread();
}

function startThread(): HashThread {
  const listeners = new Map<number, Listener>();
  const worker = new Worker(new URL('./thread.js', import.meta.url));
  const slot: Slot = {
    listeners,
    listen(id, listener) {
      listeners.set(id, listener);
      worker.ref();
    },
    release(id) {
      listeners.delete(id);
      if (listeners.size === 0) worker.unref();
    },
    send: (command) => worker.postMessage(command),
  };
  const end = (error: unknown): void => {
    slots.delete(slot);
    for (const [id, listener] of listeners) listener({ id, error });
  };
  worker.on('message', (reply: HashReply) => listeners.get(reply.id)?.(reply));
  worker.on('error', end);
  worker.on('exit', (code) => end(new Error(`the hash thread ended with code ${code}`)));
  worker.unref();
  slots.add(slot);
  return slot;
}
