import { fork, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { countOomKills } from '../../../system/memory/oom-kills.js';
import type { FamilyMemory, MemoryWatch } from '../../../system/memory/memory-watch.js';
import { environmentForPrograms } from '../../../system/processes/environment.js';
import { endFamily, markedEnvironment } from '../../../system/processes/families.js';
import { newMark } from '../../../system/processes/family-mark.js';
import { signalTree } from '../../../system/processes/process-tree.js';
import { compiledModule } from '../../../system/threads/compiled-module.js';
import { ModelLost } from '../contract/model-lost.js';
import { errorOf } from '../host/errors.js';
import type { MessageFromHost, MessageToHost } from '../host/messages.js';
import { readPrinted } from './printed-lines.js';
import { endOf, explainedEnd, type ProcessEnd } from './process-end.js';

/** How long an answer that is there already may take to be read, and what holds the pipes after its end, in milliseconds. */
const readMs = 100;
const pipesMs = 1000;

export interface ChannelOptions {
  /** Longest time for an answer, in milliseconds: a process that is silent for longer hangs. */
  timeoutMs: number;
  /** Watches the memory of the process and of all that it starts; `shareBytes` of it are meant for them. */
  watch: MemoryWatch;
  shareBytes: number;
  /** Hears what the process prints. */
  log: (line: string) => void;
}

/** A host process and the way to talk to it. Its death and its silence are answers too. */
export interface HostChannel {
  readonly pid: number;
  /** Whether it has ended or was told to. */
  readonly ended: boolean;
  /** Resolves when it has ended. */
  readonly exited: Promise<void>;
  /** What it takes of the memory, with all that it started. */
  readonly memory: FamilyMemory;
  /**
   * Asks one thing; one at a time.
   *
   * @param doing for the error, as in "ended while …"
   * @param timeoutMs less than the channel's own, where less is enough
   * @throws ModelJobError what the host answers; ModelLost when it dies or hangs
   */
  ask(doing: string, message: MessageToHost, timeoutMs?: number): Promise<MessageFromHost>;
  /** Says something that has no answer. */
  send(message: MessageToHost): void;
  /** Ends the process and all that it started. */
  kill(): void;
}

/** Ends the hosts that live when this process ends; one that is killed has them end by themselves. */
const living = new Set<() => void>();
process.once('exit', () => living.forEach((kill) => kill()));

/** Starts a host process, as the leader of a process group and of a family of its own. */
export function openHost({ timeoutMs, watch, shareBytes, log }: ChannelOptions): HostChannel {
  const mark = newMark();
  countOomKills();
  const child = fork(compiledModule(new URL('../host/main.js', import.meta.url)), {
    detached: true,
    env: markedEnvironment(environmentForPrograms(process.env), mark),
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  letGo(child);
  const printed = readPrinted([child.stdout, child.stderr], log);
  const pid = child.pid ?? 0;
  const memory = watch.watch(pid, mark);
  memory.allow(shareBytes);
  let end: ProcessEnd = { loss: 'Crashed', did: 'ended' };
  let ended = child.pid === undefined;
  const kill = (): void => {
    ended = true;
    if (pid === 0) return;
    signalTree(pid, 'SIGKILL');
    memory.end();
  };
  const killAtExit = (): void => {
    kill();
    endFamily(mark, pid);
  };
  living.add(killAtExit);
  child.on('error', ({ message }) => (end = { loss: 'Crashed', did: `ended (${message})` }));
  child.on('exit', (code, signal) => {
    if (!ended) end = endOf({ code, signal }, memory);
    // What the runtime started goes with it.
    kill();
    living.delete(killAtExit);
  });
  const lost = (how: ProcessEnd, doing: string): ModelLost => {
    const { loss, did, because = '', memoryBytes } = explainedEnd(how, printed.last);
    const said = printed.last.length === 0 ? '' : `: ${printed.last.join(' | ')}`;
    const details = memoryBytes === undefined ? {} : { memoryBytes };
    return new ModelLost(loss, `the model's process ${did} while ${doing}${because}${said}`, details);
  };
  return {
    pid,
    get ended() {
      return ended;
    },
    exited: endOfChild(child),
    memory,
    kill,
    send(message) {
      // A process that dies meanwhile is told by its end.
      if (child.connected) child.send(message, () => undefined);
    },
    async ask(doing, message, ms = timeoutMs) {
      // What it printed before says nothing of this.
      printed.forget();
      const answer = await answerTo(child, message, ms);
      if (answer === 'silence') {
        kill();
        const did = `did not answer for ${Math.round(ms / 1000)} s and was ended`;
        throw lost({ loss: 'TimedOut', did }, doing);
      }
      if (answer === 'end') throw lost(end, doing);
      if (answer.type === 'failed') throw errorOf(answer.error);
      return answer;
    },
  };
}

/** Its output is read to the end first, since it may tell why; but not where another process holds the pipes. */
function endOfChild(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    child.once('exit', () => {
      timer = setTimeout(() => [child.stdout, child.stderr].forEach((stream) => stream?.destroy()), pipesMs);
    });
    child.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

async function answerTo(
  child: ChildProcess,
  message: MessageToHost,
  timeoutMs: number,
): Promise<MessageFromHost | 'end' | 'silence'> {
  if (!child.connected) return 'end';
  const settled = new AbortController();
  const { signal } = settled;
  try {
    return await new Promise((resolve) => {
      // The answer may have come while this worker was busy, and not be read yet.
      let timer = setTimeout(() => (timer = setTimeout(resolve, readMs, 'silence')), timeoutMs);
      const onEnd = (): void => resolve('end');
      child.on('message', resolve);
      child.on('close', onEnd);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        child.off('message', resolve);
        child.off('close', onEnd);
      });
      child.send(message, () => undefined);
    });
  } finally {
    settled.abort();
  }
}

/** An idle model does not keep its worker alive. */
function letGo(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
  for (const stream of [child.stdout, child.stderr]) if (stream instanceof Socket) stream.unref();
}
