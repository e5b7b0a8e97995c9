import type { DeviceFacts } from '../../../planner/index.js';
import type { ModelCall, CallOutcome } from '../host/messages.js';
import type { MemoryShare } from './memory-budget.js';
import { endMember, hold, isSpent, startMember, type Member, type StartProcess } from './member.js';
import { memoryTaken, startInMemory, type MemorySource, type MemoryWish } from './start-in-memory.js';

export interface PoolOptions extends MemorySource {
  /** The most processes at once. */
  width: number;
  start: StartProcess;
  /** Memory for one more process; undefined where there is none to spare. */
  spareMemory: (bytes: number) => MemoryShare | undefined;
}

export interface CallOptions {
  signal: AbortSignal;
  /** Hears what the runtime prints while it runs this call. */
  log: (line: string) => void;
  /** Longest time for the call, in milliseconds, where that is less than the process's own. */
  timeoutMs?: number | undefined;
  /** Runs alone, in a fresh process that has memory for twice what was too much before, as far as there is so much. */
  exclusive?: boolean;
  /** Goes before the calls that wait. */
  urgent?: boolean;
}

/** One model in one or more processes. */
export interface ModelPool {
  /** The most processes at once, and those that there are. */
  readonly width: number;
  readonly processes: number;
  /** What the model computes on. */
  readonly device: DeviceFacts;
  /** Resident memory of all processes, in bytes. */
  readonly memoryBytes: number;
  /** Runs a call on the next process that is free; another is started while calls wait and memory allows. */
  run(call: ModelCall, options: CallOptions): Promise<CallOutcome>;
  /** Starts as many processes as there may be. */
  warm(): Promise<void>;
  close(): Promise<void>;
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
  /** The most that a process took when it was ended for that, in bytes. */
  private taken = 0;
  device: DeviceFacts = {};

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
    await this.addOnly({}, new AbortController().signal);
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
    while (this.queue.length > 0 && !this.mustWait()) {
      const alone = this.queue[0]?.options.exclusive === true;
      const member = alone ? undefined : this.idle.pop();
      const task = alone || member ? this.queue.shift() : undefined;
      if (!task) break;
      void (member ? this.work(member, task) : this.workAlone(task));
    }
    if (this.queue.length === 0 || this.starting > 0 || this.closed || this.mustWait()) return;
    if (this.members.size === 0) void this.restart();
    else if (this.members.size < this.most) void this.grow();
  }

  /** Whether the first in the queue, or the call that runs, wants no other beside it. */
  private mustWait(): boolean {
    const others = this.members.size - this.idle.length + this.starting;
    return this.exclusive || (this.queue[0]?.options.exclusive === true && others > 0);
  }

  private async work(member: Member, task: Task): Promise<void> {
    if (member.process.ended) {
      // It ended with nothing to do: no call's doing.
      this.queue.unshift(task);
      await this.remove(member);
    } else await this.runOn(member, task);
    this.pump();
  }

  private async workAlone(task: Task): Promise<void> {
    this.exclusive = true;
    try {
      await Promise.all([...this.members].map((member) => this.remove(member)));
      const member = await this.addOnly({ most: 2 * this.taken }, task.options.signal);
      this.idle = this.idle.filter((one) => one !== member);
      await this.runOn(member, task);
    } catch (error) {
      task.reject(error);
    }
    this.exclusive = false;
    this.pump();
  }

  private async runOn(member: Member, { call, options, resolve, reject }: Task): Promise<void> {
    member.log.line = options.log;
    await member.process.run(call, options.signal, options.timeoutMs).then(resolve, (error: unknown) => {
      this.taken = Math.max(this.taken, memoryTaken(error) ?? 0);
      reject(error);
    });
    member.log.line = () => undefined;
    hold(member);
    if (this.closed) return;
    if (isSpent(member)) await this.remove(member);
    else this.idle.push(member);
  }

  /** All processes are gone: those who wait fail with a start that fails. */
  private async restart(): Promise<void> {
    try {
      await this.addOnly({}, new AbortController().signal);
    } catch (error) {
      for (const task of this.queue.splice(0)) task.reject(error);
    }
    this.pump();
  }

  /** The only process. Not a caller's signal where others may wait for it, too. */
  private addOnly(wish: MemoryWish, signal: AbortSignal): Promise<Member> {
    return this.waitingFor(() => startInMemory(this.options, { wish, signal }, (share) => this.add(share)));
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
    const share = first && this.options.spareMemory(first.process.peakBytes);
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

  private async add(share: MemoryShare): Promise<Member> {
    const member = await this.waitingFor(() => startMember(this.options.start, share));
    this.members.add(member);
    this.device = member.process.device;
    if (this.closed) await this.remove(member);
    else {
      this.idle.push(member);
      this.pump();
    }
    return member;
  }

  private async remove(member: Member): Promise<void> {
    this.members.delete(member);
    this.idle = this.idle.filter((one) => one !== member);
    await endMember(member);
  }
}
