import { ModelJobError, type DeviceFacts } from '../../../planner/index.js';
import type { ModelCall, CallOutcome, LoadMessage, MessageFromHost } from '../host/messages.js';
import { openHost, type ChannelOptions, type HostChannel } from './host-channel.js';

/** How long a process may take to obey a cancel or a dispose before it is killed, in milliseconds. */
const obeyMs = 1500;

export interface ProcessOptions extends ChannelOptions {
  /** What to load. */
  load: Omit<LoadMessage, 'type'>;
}

type LoadedAnswer = Extract<MessageFromHost, { type: 'loaded' }>;

/** A process with a model in it. It runs one call at a time. */
export interface ModelProcess {
  readonly pid: number;
  /** What the model computes on. */
  readonly device: DeviceFacts;
  /** Memory that it takes after the load, and after the last answer, with all that it started, in bytes. */
  readonly loadedBytes: number;
  readonly memoryBytes: number;
  /** The most that it took since its load, and the load too: what another process with this model will take. */
  readonly heldBytes: number;
  readonly peakBytes: number;
  /** Tells how much of the memory is meant for it, in bytes. */
  allow(bytes: number): void;
  /** Calls that it was given. */
  readonly runs: number;
  /** Whether it can't run another call. */
  readonly ended: boolean;
  /**
   * @param timeoutMs less than the process's own, where less is enough
   * @throws ModelJobError what the model threw; ModelLost when the process dies or hangs; the signal's reason when
   *   aborted
   */
  run(call: ModelCall, signal: AbortSignal, timeoutMs?: number): Promise<CallOutcome>;
  /** Lets the runtime release what it holds, and ends the process. */
  close(): Promise<void>;
}

/**
 * Starts a process and loads a model in it.
 *
 * @throws ModelJobError what the runtime threw; ModelLost when the process dies or hangs
 */
export async function startModelProcess({ load, ...options }: ProcessOptions): Promise<ModelProcess> {
  const host = openHost(options);
  const name = `\`${load.request.spec.name}\``;
  const loaded = await loadModel(host, name, load);
  const loadedBytes = within(host, loaded.memoryBytes);
  const loadPeak = host.memory.peakBytes;
  host.memory.forgetPeak();
  let memoryBytes = loadedBytes;
  let runs = 0;
  return {
    pid: host.pid,
    device: loaded.device,
    loadedBytes,
    get memoryBytes() {
      return memoryBytes;
    },
    get heldBytes() {
      return Math.max(host.memory.peakBytes, memoryBytes);
    },
    get peakBytes() {
      return Math.max(loadPeak, host.memory.peakBytes, memoryBytes);
    },
    allow: (bytes) => host.memory.allow(bytes),
    get runs() {
      return runs;
    },
    get ended() {
      return host.ended;
    },
    async run(call, signal, timeoutMs) {
      const id = ++runs;
      const doing = `running ${call.rows.length === 1 ? 'one input' : `${call.rows.length} inputs`} on ${name}`;
      const answer = await obeying(host, id, signal, () => host.ask(doing, { type: 'run', id, call }, timeoutMs));
      if (answer.type !== 'ran') throw new ModelJobError('Failed', `${answer.type} is no answer to ${doing}`);
      memoryBytes = within(host, answer.memoryBytes);
      return answer.outcome;
    },
    close: () => closeHost(host),
  };
}

/** What a host says that it takes; with what it started, where that is seen. */
function within({ memory }: HostChannel, hostBytes: number): number {
  return Math.max(hostBytes, memory.bytes);
}

async function loadModel(host: HostChannel, name: string, load: ProcessOptions['load']): Promise<LoadedAnswer> {
  try {
    const answer = await host.ask(`loading ${name}`, { type: 'load', ...load });
    if (answer.type === 'loaded') return answer;
    throw new ModelJobError('Failed', `${answer.type} is no answer to loading ${name}`);
  } catch (error) {
    host.kill();
    throw error;
  }
}

/** Tells the process of an abort, kills it where it does not obey, and throws the signal's reason. */
async function obeying<T>(host: HostChannel, id: number, signal: AbortSignal, run: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let timer: NodeJS.Timeout | undefined;
  const cancel = (): void => {
    host.send({ type: 'cancel', id });
    timer = setTimeout(() => host.kill(), obeyMs);
  };
  signal.addEventListener('abort', cancel);
  try {
    return await run();
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
  }
}

async function closeHost(host: HostChannel): Promise<void> {
  if (host.ended) return host.exited;
  host.send({ type: 'dispose' });
  const timer = setTimeout(() => host.kill(), obeyMs);
  await host.exited;
  clearTimeout(timer);
}
