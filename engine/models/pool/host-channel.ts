import { fork, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { signalTree } from '../../../system/processes/process-tree.js';
import { withoutSecrets } from '../../../system/processes/environment.js';
import { ModelLost, type LossCode } from '../contract/model-lost.js';
import { errorOf } from '../host/errors.js';
import type { MessageFromHost, MessageToHost } from '../host/messages.js';
import { compiledModule } from '../../../system/threads/compiled-module.js';

/** How many of a process's last lines stand in the error that its end makes. */
const lastLines = 5;

export interface ChannelOptions {
  /** Longest time for an answer, in milliseconds: a process that is silent for longer hangs. */
  timeoutMs: number;
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

/** Starts a host process, as the leader of a process group of its own. */
export function openHost({ timeoutMs, log }: ChannelOptions): HostChannel {
  const child = fork(compiledModule(new URL('../host/main.js', import.meta.url)), {
    detached: true,
    env: withoutSecrets(process.env),
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  letGo(child);
  const lines = keepLines(child, log);
  let end: string | undefined;
  let ended = child.pid === undefined;
  const kill = (): void => {
    ended = true;
    if (child.pid !== undefined) signalTree(child.pid, 'SIGKILL');
  };
  living.add(kill);
  child.on('error', (error) => (end = error.message));
  child.on('exit', (code, signal) => {
    end = signal === null ? `exit code ${code}` : describeSignal(signal);
    // What the runtime started goes with it.
    kill();
    living.delete(kill);
  });
  // Its output is read to the end first, since it may tell why.
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const lost = (code: LossCode, doing: string, why: string): ModelLost => {
    const said = lines.length === 0 ? '' : `: ${lines.join(' | ')}`;
    return new ModelLost(code, `the model's process ${why} while ${doing}${said}`);
  };
  return {
    pid: child.pid ?? 0,
    get ended() {
      return ended;
    },
    exited,
    kill,
    send(message) {
      // A process that dies meanwhile is told by its end.
      if (child.connected) child.send(message, () => undefined);
    },
    async ask(doing, message, ms = timeoutMs) {
      // What it printed before says nothing of this.
      lines.length = 0;
      const answer = await answerTo(child, message, ms);
      if (answer === 'silence') {
        kill();
        throw lost('TimedOut', doing, `did not answer for ${Math.round(ms / 1000)} s and was ended`);
      }
      if (answer === 'end') throw lost('Crashed', doing, `ended (${end ?? 'unknown'})`);
      if (answer.type === 'failed') throw errorOf(answer.error);
      return answer;
    },
  };
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
      const timer = setTimeout(resolve, timeoutMs, 'silence');
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

function keepLines(child: ChildProcess, log: (line: string) => void): string[] {
  const last: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on('line', (line) => {
      if (isStackTrace(line)) return;
      last.push(line.slice(0, 500));
      if (last.length > lastLines) last.shift();
      log(line);
    });
  }
  return last;
}

/** Node's native stack trace, which would hide the message before it. */
function isStackTrace(line: string): boolean {
  return /^\s*$|^----- |^\s*\d+: 0x/.test(line);
}

/** The system ends a process that takes too much memory with SIGKILL, Node ends itself with SIGABRT. */
function describeSignal(signal: NodeJS.Signals): string {
  return signal === 'SIGKILL' || signal === 'SIGABRT' ? `${signal}, perhaps out of memory` : signal;
}
