import {
  isGrpcCancelledError,
  isGrpcServiceError,
  NamespaceNotFoundError,
  ServiceError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { ModelJobError } from '../../planner/index.js';
import { NoServerError } from './errors.js';

/** gRPC status codes (https://grpc.io/docs/guides/status-codes/). */
const grpc = { invalidArgument: 3, deadlineExceeded: 4, permissionDenied: 7, unavailable: 14, unauthenticated: 16 };

/**
 * Asks the server something, and says in our own words what went wrong.
 *
 * @throws ModelJobError `NotFound` for an unknown job or namespace, `PermissionDenied`; NoServerError when the server
 *   is gone; anything else, such as a call that was aborted here, as it came
 */
export async function askServer<T>(jobId: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw serviceErrorOf(error, jobId);
  }
}

/** What an error of the Temporal client means to a caller of jobs. */
export function serviceErrorOf(error: unknown, jobId: string): unknown {
  if (error instanceof WorkflowNotFoundError) {
    return new ModelJobError('NotFound', `job \`${jobId}\` does not exist on this server`, { cause: error });
  }
  if (error instanceof NamespaceNotFoundError) {
    const detail = `namespace \`${error.namespace}\` does not exist on this server: set TEMPORAL_NAMESPACE`;
    return new ModelJobError('NotFound', detail, { cause: error });
  }
  if (isGrpcCancelledError(error)) return error;
  const cause = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(cause) ? grpcErrorOf(cause) : error;
}

function grpcErrorOf(cause: Error & { code: number; details: string }): Error {
  if (cause.code === grpc.unavailable || cause.code === grpc.deadlineExceeded) {
    return new NoServerError(`the Temporal server does not answer: ${cause.details}`, { cause });
  }
  if (cause.code === grpc.permissionDenied || cause.code === grpc.unauthenticated) {
    const detail = `the Temporal server refuses: ${cause.details}; check TEMPORAL_API_KEY and the TLS settings`;
    return new ModelJobError('PermissionDenied', detail, { cause });
  }
  const code = cause.code === grpc.invalidArgument ? 'InvalidArgument' : 'StateUnavailable';
  return new ModelJobError(code, `the Temporal server answers: ${cause.details}`, { cause });
}
