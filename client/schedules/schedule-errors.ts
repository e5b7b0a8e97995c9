import { ScheduleAlreadyRunning, ScheduleNotFoundError, ServiceError } from '@temporalio/client';
import { ModelJobError } from '../../planner/index.js';
import { serviceErrorOf } from '../connection/service-errors.js';

/**
 * Asks the server something of a schedule, and says in our own words what went wrong.
 *
 * @throws ModelJobError `NotFound`, `AlreadyExists`, `InvalidArgument` for what the server refuses, `PermissionDenied`;
 *   NoServerError
 */
export async function askSchedule<T>(scheduleId: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw scheduleErrorOf(error, scheduleId);
  }
}

function scheduleErrorOf(cause: unknown, scheduleId: string): unknown {
  if (cause instanceof ScheduleNotFoundError) {
    return new ModelJobError('NotFound', `schedule \`${scheduleId}\` does not exist on this server`, { cause });
  }
  if (cause instanceof ScheduleAlreadyRunning) {
    const advice = 'update it, delete it, or give this one an id of its own';
    return new ModelJobError('AlreadyExists', `schedule \`${scheduleId}\` exists already: ${advice}`, { cause });
  }
  // What the SDK throws where the server refuses the times.
  if (cause instanceof TypeError) return new ModelJobError('InvalidArgument', `schedule: ${cause.message}`, { cause });
  return unknownAttribute(cause) ?? serviceErrorOf(cause, scheduleId);
}

function unknownAttribute(cause: unknown): ModelJobError | undefined {
  const reason = cause instanceof ServiceError && cause.cause instanceof Error ? cause.cause.message : '';
  const [, name] = /no mapping defined for search attribute (\S+)/.exec(reason) ?? [];
  if (name === undefined) return undefined;
  const advice = `register it: temporal operator search-attribute create --name ${name} --type …`;
  const field = `searchAttributes.${name}`;
  return new ModelJobError('InvalidArgument', `${field}: the server knows no such search attribute; ${advice}`, {
    problems: [{ path: field, message: `unknown to the server; ${advice}` }],
    cause,
  });
}
