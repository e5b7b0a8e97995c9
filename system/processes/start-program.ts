import { execa } from 'execa';
import { beginFamily } from './program-family.js';
import { guardTree, inOwnGroup } from './process-tree.js';

/** All that a program reads. */
export type ProgramInput = { text: string } | { file: string };

export interface StartOptions {
  /** Working folder. */
  cwd: string;
  /** What the program reads; by default nothing. `pipe` leaves its stdin open. */
  stdin?: ProgramInput | 'pipe' | undefined;
  /** Whether it may write to file descriptor 3, the last of its `stdio`. Default: there is none. */
  reports?: boolean | undefined;
  /** Variables beside those that programs get. */
  env?: Readonly<Record<string, string>> | undefined;
}

/**
 * Starts a program without a shell and with the variables alone that programs get, as the leader of a process group of its own
 * that ends with this process. Its output is not kept: read its streams.
 *
 * @param program absolute path of what runs
 * @returns its process, which settles with its exit and never rejects
 */
export function startProgram(program: string, args: readonly string[], { cwd, stdin, env, reports }: StartOptions) {
  const family = beginFamily();
  const child = execa(program, args, {
    cwd,
    env: { ...family.env, ...env },
    extendEnv: false,
    ...inOwnGroup,
    buffer: false,
    reject: false,
    ...(typeof stdin === 'object' ? inputOf(stdin) : { stdin: stdin ?? 'ignore' }),
    ...(reports ? withReports(stdin) : {}),
  });
  family.follow(child);
  if (child.pid !== undefined) {
    const release = guardTree(child.pid);
    void child.finally(release);
  }
  return child;
}

/** All streams at once: execa takes no others beside them. */
function withReports(stdin: StartOptions['stdin']): object {
  const input = stdin === undefined ? 'ignore' : 'pipe';
  return { stdin: undefined, stdio: [input, 'pipe', 'pipe', 'pipe'] };
}

function inputOf(stdin: ProgramInput): { input: string } | { inputFile: string } {
  return 'text' in stdin ? { input: stdin.text } : { inputFile: stdin.file };
}

/** Why a program could not be started; undefined for one that ran. */
export function startProblem(result: {
  exitCode?: number | undefined;
  signal?: string | undefined;
  originalMessage?: string | undefined;
}): string | undefined {
  if (result.exitCode !== undefined || result.signal !== undefined) return undefined;
  return result.originalMessage ?? 'it could not be started';
}
