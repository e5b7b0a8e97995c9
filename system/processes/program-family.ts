import type { ChildProcess } from 'node:child_process';
import { environmentForPrograms } from './environment.js';
import { Families, markedEnvironment } from './families.js';
import { newMark } from './family-mark.js';

/** How long what a program left behind may hold its pipes, in milliseconds. */
const pipesMs = 1000;

/** One for all programs: it knows the processes that are none of theirs. */
const families = new Families();

/** A program that is about to start, and all that will come from it. */
export interface ProgramFamily {
  /** The environment to start it with. */
  env: NodeJS.ProcessEnv;
  /**
   * Sees to its end: what it leaves behind, in whatever session, ends with it (on Linux), and holds its pipes no longer
   * than a second.
   */
  follow(program: ChildProcess): void;
}

export function beginFamily(): ProgramFamily {
  const mark = newMark();
  families.add(mark);
  return {
    env: markedEnvironment(environmentForPrograms(process.env), mark),
    follow(program) {
      if (program.pid === undefined) {
        families.remove(mark);
        return;
      }
      families.add(mark, program.pid);
      program.once('exit', () => {
        families.look();
        families.end(mark);
        families.remove(mark);
        const timer = setTimeout(() => program.stdio.slice(1).forEach((one) => one?.destroy()), pipesMs);
        program.once('close', () => clearTimeout(timer));
      });
    },
  };
}
