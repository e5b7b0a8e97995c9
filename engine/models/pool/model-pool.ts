import type { ModelCall, CallOutcome } from '../host/messages.js';
import type { MemoryShare } from './memory-budget.js';
import type { ModelProcess } from './model-process.js';

/** A process is replaced after so many calls, against what libraries leak. */
const maxRuns = 20_000;

/** A process is replaced when it takes so many times the memory that it took after its load, and at least so much more. */
const growth = { factor: 3, bytes: 1024 ** 3 };

export interface PoolOptions {
  /** The most processes at once. */
  width: number;
  /** Starts a process with the model in it. */
  start: (log: (line: string) => void) => Promise<ModelProcess>;
  /** Memory for one more process; undefined where there is none to spare. */
  spareMemory: (bytes: number) => MemoryShare | undefined;
  /** Memory for the only process: waits for it. */
  needMemory: () => Promise<MemoryShare>;
}

export interface CallOptions {
  signal: AbortSignal;
  /** Hears what the runtime prints while it runs this call. */
  log: (line: string) => void;
  /** Longest time for the call, in milliseconds, where that is less than the process's own. */
  timeoutMs?: number | undefined;
  /** Runs while no other call does, in the only process: what it takes of the memory is its own. */
  exclusive?: boolean;
  /** Goes before the calls that wait. */
  urgent?: boolean;
}

/** One model in one or more processes. */
export interface ModelPool {
  /** The most processes at once, and those that there are. */
  readonly width: number;
  readonly processes: number;
  /** Resident memory of all processes, in bytes. */
  readonly memoryBytes: number;
  /** Runs a call on the next process that is free; another is started while calls wait and memory allows. */
  run(call: ModelCall, options: CallOptions): Promise<CallOutcome>;
  /** Starts as many processes as there may be. */
  warm(): Promise<void>;
  close(): Promise<void>;
}

interface Member {
  process: ModelProcess;
  share: MemoryShare;
  log: { line: (line: string) => void };
}

interface Task {
  call: ModelCall;
  options: CallOptions;
  resolve: (outcome: CallOutcome) => void;
  reject: (error: unknown) => void;
}

/** A pool; its first process is started now. */
export async function openModelPool(options: PoolOptions): Promise<ModelPool> {
  const pool = new Pool(options);
  await pool.startFirst();
  return pool;
}

class Pool implements ModelPool {
  private readonly members = new Set<Member>();
  private idle: Member[] = [];
  private queue: Task[] = [];
  private starting = 0;
  private most: number;
  private closed = false;
  /** Whether the only call that may run does. */
  private exclusive = false;

  constructor(private readonly options: PoolOptions) {
    this.most = options.width;
  }

  get width(): number {
    return this.most;
  }

  get processes(): number {
    return this.members.size;
  }

  get memoryBytes(): number {
    return [...this.members].reduce((sum, { process }) => sum + process.memoryBytes, 0);
  }

  async startFirst(): Promise<void> {
    await this.add(await this.options.needMemory());
  }

  run(call: ModelCall, options: CallOptions): Promise<CallOutcome> {
    const { signal } = options;
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    return new Promise<CallOutcome>((resolve, reject) => {
      const task: Task = { call, options, resolve, reject };
      const abort = (): void => {
        // One that runs already is ended by its process.
        if (!this.queue.includes(task)) return;
        this.queue = this.queue.filter((one) => one !== task);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', abort);
      const settle =
        <T>(then: (value: T) => void) =>
        (value: T): void => {
          signal.removeEventListener('abort', abort);
          then(value);
        };
      task.resolve = settle(resolve);
      task.reject = settle(reject);
      if (options.urgent) this.queue.unshift(task);
      else this.queue.push(task);
      this.pump();
    });
  }

  async warm(): Promise<void> {
    while (this.members.size + this.starting < this.most && (await this.grow()));
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.members].map((member) => this.remove(member)));
  }

  private pump(): void {
    while (this.queue.length > 0 && this.idle.length > 0 && !this.mustWait()) {
      const task = this.queue.shift();
      const member = this.idle.pop();
      if (task && member) void this.work(member, task);
    }
    if (this.queue.length === 0 || this.starting > 0 || this.closed || this.mustWait()) return;
    if (this.members.size === 0) void this.restart();
    else if (this.members.size < this.most) void this.grow();
  }

  /** Whether the first in the queue, or the call that runs, wants no other beside it. */
  private mustWait(): boolean {
    const running = this.members.size - this.idle.length;
    return this.exclusive || (this.queue[0]?.options.exclusive === true && running > 0);
  }

  private async work(member: Member, task: Task): Promise<void> {
    const { call, options, resolve, reject } = task;
    if (member.process.ended) {
      // It ended with nothing to do: no call's doing.
      this.queue.unshift(task);
      await this.remove(member);
      this.pump();
      return;
    }
    if (options.exclusive) {
      this.exclusive = true;
      await Promise.all(this.idle.map((other) => this.remove(other)));
    }
    member.log.line = options.log;
    await member.process.run(call, options.signal, options.timeoutMs).then(resolve, reject);
    member.log.line = () => undefined;
    if (options.exclusive) this.exclusive = false;
    member.share.resize(member.process.memoryBytes);
    if (this.closed) return;
    if (isSpent(member.process)) await this.remove(member);
    else this.idle.push(member);
    this.pump();
  }

  /** All processes are gone: those who wait fail with a start that fails. */
  private async restart(): Promise<void> {
    try {
      await this.waitingFor(async () => this.add(await this.options.needMemory()));
    } catch (error) {
      for (const task of this.queue.splice(0)) task.reject(error);
    }
  }

  private async waitingFor<T>(work: () => Promise<T>): Promise<T> {
    this.starting += 1;
    try {
      return await work();
    } finally {
      this.starting -= 1;
    }
  }

  /** One process more; false where there is no memory for it, or it does not start. */
  private async grow(): Promise<boolean> {
    const [first] = this.members;
    const share = first && this.options.spareMemory(first.process.loadedBytes);
    if (!share) return false;
    try {
      await this.add(share);
      return true;
    } catch {
      // The model is there in other processes: it goes on with those.
      this.most = Math.max(this.members.size, 1);
      return false;
    }
  }

  private async add(share: MemoryShare): Promise<void> {
    const log = { line: (_line: string): void => undefined };
    const process = await this.waitingFor(() => this.options.start((line) => log.line(line))).catch(
      (error: unknown) => {
        share.release();
        throw error;
      },
    );
    share.resize(process.memoryBytes);
    const member: Member = { process, share, log };
    this.members.add(member);
    if (this.closed) {
      await this.remove(member);
      return;
    }
    this.idle.push(member);
    this.pump();
  }

  private async remove(member: Member): Promise<void> {
    this.members.delete(member);
    this.idle = this.idle.filter((one) => one !== member);
    await member.process.close();
    member.share.release();
  }
}

/** Whether a process can't or should not run another call. */
function isSpent({ ended, runs, memoryBytes, loadedBytes }: ModelProcess): boolean {
  return ended || runs >= maxRuns || memoryBytes > Math.max(loadedBytes * growth.factor, loadedBytes + growth.bytes);
}
