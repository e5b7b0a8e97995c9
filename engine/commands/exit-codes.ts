import { startProblem } from '../../system/processes/start-program.js';
import { ProgramFailure } from './program-failure.js';

/** What a program's exit codes mean; others are failures, and final. */
export interface ExitCodes {
  success: readonly number[];
  retryable: readonly number[];
}

/** As programs mean them that say nothing else. */
export const plainExitCodes: ExitCodes = { success: [0], retryable: [] };

/** How a program ended. */
interface Ended {
  exitCode?: number | undefined;
  signal?: string | undefined;
  originalMessage?: string | undefined;
}

/**
 * The exit code of a program that succeeded.
 *
 * @throws ProgramFailure, which may pass where its exit code says so
 */
export function successOf(command: string, ended: Ended, codes: ExitCodes, stderr: string): number {
  const problem = startProblem(ended);
  if (problem !== undefined) throw new ProgramFailure('start', `failed to run \`${command}\`: ${problem}`);
  const { exitCode, signal } = ended;
  if (exitCode === undefined)
    throw new ProgramFailure('signal', `\`${command}\` exited with status signal: ${signal}`, { stderr });
  if (codes.success.includes(exitCode)) return exitCode;
  const retryable = codes.retryable.includes(exitCode);
  throw new ProgramFailure('status', `\`${command}\` exited with status exit status: ${exitCode}`, {
    ...{ stderr, exitCode, retryable },
  });
}
