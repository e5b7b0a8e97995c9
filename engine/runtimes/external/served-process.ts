import type { Readable, Writable } from 'node:stream';
import { endProcessTree, signalTree } from '../../../system/processes/process-tree.js';
import { startProblem, startProgram } from '../../../system/processes/start-program.js';
import { linesOf } from './lines.js';
import { within } from './waits.js';

/** How long a program may take to end after the end of its input, in milliseconds. */
const goodbyeMs = 800;

/** Between SIGTERM and SIGKILL, in milliseconds. */
const termGraceMs = 500;

/** Lines of stderr that are kept for errors. */
const keptLines = 8;

/** Longest of the last words in a message, in characters. */
const maxShown = 300;

export interface ProgramCommand {
  /** As the request names it, for messages. */
  command: string;
  /** Absolute path of what runs. */
  program: string;
  args: readonly string[];
}

/** A program that is kept alive. */
export interface ServedProcess {
  stdin: Writable;
  stdout: Readable;
  /** Whether it runs. */
  alive(): boolean;
  /** The last lines of its stderr. */
  lastLines: readonly string[];
  /** Ends it and all that it started: first by the end of its input, unless it is past asking. */
  end(how: 'ask' | 'kill'): Promise<void>;
  /** How it ended, once it has: what it did, and whether it ran at all. */
  outcome(): Promise<{ what: string; wasStarted: boolean }>;
}

/** Starts a program in this process's folder; what it says on stderr goes to the log. */
export function startServedProcess(
  { command, program, args }: ProgramCommand,
  log: (line: string) => void,
): ServedProcess {
  const child = startProgram(program, args, { cwd: process.cwd(), stdin: 'pipe' });
  // A program that has ended does not read; how it ended says so better.
  child.stdin.on('error', () => undefined);
  const lastLines: string[] = [];
  const listening = listen(child.stderr, (line) => {
    lastLines.push(line);
    if (lastLines.length > keptLines) lastLines.shift();
    log(`${command}: ${line}`);
  });
  let open = true;
  void child.finally(() => (open = false));
  let weEndedIt = false;
  let ending: Promise<void> | undefined;

  async function endOnce(pid: number, how: 'ask' | 'kill'): Promise<void> {
    child.stdin.end();
    if (how === 'ask') await within(child, goodbyeMs);
    if (open) {
      weEndedIt = true;
      const settle = endProcessTree(pid, termGraceMs);
      await within(child, 2 * termGraceMs);
      settle();
      // What left the group may hold on to the pipes.
      child.stdout.destroy();
      child.stderr.destroy();
      await child;
    }
    // What it left behind in its group.
    signalTree(pid, 'SIGKILL');
    await listening;
  }

  return {
    stdin: child.stdin,
    stdout: child.stdout,
    alive: () => open,
    lastLines,
    async end(how) {
      if (child.pid !== undefined) ending ??= endOnce(child.pid, how);
      await ending;
    },
    async outcome() {
      const result = await child;
      const problem = startProblem(result);
      if (problem !== undefined) return { what: `could not be started: ${problem}`, wasStarted: false };
      if (result.signal !== undefined && weEndedIt) return { what: 'closed its output', wasStarted: true };
      const how =
        result.signal === undefined ? `ended with status ${result.exitCode}` : `was ended by ${result.signal}`;
      const last = lastLines.at(-1)?.slice(0, maxShown);
      const said = last === undefined ? '' : `; its last words: ${last}`;
      return { what: how + said, wasStarted: true };
    },
  };
}

async function listen(stderr: Readable, onLine: (line: string) => void): Promise<void> {
  try {
    for await (const line of linesOf(stderr, { maxBytes: 8192, as: 'words' })) onLine(line.trimEnd());
  } catch {
    // It was closed with the program.
  }
}
