import { ModelJobError, type ModelJobErrorCode } from '../../planner/index.js';
import { JobFailedError, NoServerError } from '../connection/errors.js';

/** The CLI's exit codes (DESIGN section 6). */
export const exitCodes = { done: 0, jobFailed: 1, badRequest: 2, noServer: 3, cancelled: 130 } as const;

/** Codes that the caller can mend by another request. */
const callersFault: ReadonlySet<ModelJobErrorCode> = new Set([
  'InvalidArgument',
  'NotFound',
  'InvalidUri',
  'AlreadyExists',
  'ResourceLimit',
  'PermissionDenied',
]);

/** The exit code of an error that ended a command. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof ModelJobError)) return exitCodes.jobFailed;
  if (error.code === 'Cancelled') return exitCodes.cancelled;
  if (error instanceof JobFailedError) return exitCodes.jobFailed;
  if (error instanceof NoServerError || error.code === 'MissingDependency') return exitCodes.noServer;
  return callersFault.has(error.code) ? exitCodes.badRequest : exitCodes.jobFailed;
}
