import { ModelJobError } from '../../../planner/index.js';
import { ModelLost, type LossCode } from '../../models/contract/model-lost.js';
import { linesOf } from './lines.js';
import { maxLineBytes, readProgramLine, textOfLine, type OurLine, type ProgramLine } from './protocol.js';
import { startServedProcess, type ProgramCommand, type ServedProcess } from './served-process.js';

/** A program that is spoken to. */
export interface Conversation extends Pick<ServedProcess, 'alive' | 'end'> {
  send(line: OurLine): void;
  /**
   * The next line of the program. Only one call at a time.
   *
   * @throws ModelLost when the program ended; ModelJobError `Failed` when it broke the protocol: then it is gone, too
   */
  next(): Promise<ProgramLine>;
  /** An error of this program: its command, what it did, and the last lines of its stderr in the details. */
  failed(what: string): ModelJobError;
  /** The same for a program that is gone, with inputs or before it was ready. */
  lost(loss: LossCode, what: string): ModelLost;
}

/** Starts a program to speak to. */
export function startConversation(command: ProgramCommand, log: (line: string) => void): Conversation {
  const served = startServedProcess(command, log);
  const lines = linesOf(served.stdout, { maxBytes: maxLineBytes, as: 'protocol' });

  const said = (what: string): string => `\`${command.command}\` ${what}`;
  const details = (): Record<string, unknown> =>
    served.lastLines.length === 0 ? {} : { stderr: served.lastLines.join('\n') };

  function failed(what: string): ModelJobError {
    return new ModelJobError('Failed', said(what), { retryable: false, details: details() });
  }

  function lost(loss: LossCode, what: string): ModelLost {
    return new ModelLost(loss, said(what), details());
  }

  /** The next line that says something; undefined after the last. */
  async function readLine(): Promise<ProgramLine | undefined> {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) return undefined;
      const line = readProgramLine(value);
      if (line) return line;
    }
  }

  return {
    alive: () => served.alive(),
    end: (how) => served.end(how),
    failed,
    lost,
    send(line) {
      served.stdin.write(`${textOfLine(line)}\n`);
    },
    async next() {
      let line: ProgramLine | undefined;
      try {
        line = await readLine();
      } catch (error) {
        await served.end('kill');
        throw failed(error instanceof Error ? error.message : String(error));
      }
      if (line) return line;
      // A program whose output has ended is of no use, even if it goes on.
      await served.end('ask');
      const { what, wasStarted } = await served.outcome();
      throw wasStarted ? lost('Crashed', what) : failed(what);
    },
  };
}
