import { createHash } from 'node:crypto';
import { ModelJobError, type ModelJobErrorCode } from '../../../planner/index.js';
import { readErrorLine } from '../shards/row-line.js';
import type { OutcomeKind } from './outcome-scanner.js';

/** Turns a line of a shard, its row's answer in OpenAI's form, into one of OpenAI's output or error file. */
export type ToOpenAiLine = (kind: OutcomeKind, line: string) => string;

/** What an HTTP service says to faults that are the caller's; others are told of beside the response. */
const statusCodes: Partial<Record<ModelJobErrorCode, number>> = {
  InvalidArgument: 400,
  InvalidUri: 400,
  ResourceLimit: 400,
  PermissionDenied: 403,
  NotFound: 404,
};

const outputStart =
  /^\{"index":(\d+),"custom_id":("(?:[^"\\]|\\.)*"),(?:"metadata":\{"truncated":\{[^}]*\}\},)?"output":/;

/**
 * The lines of a batch's files in OpenAI's form (`BatchRequestOutput`): an answer is not read, but put where it belongs.
 *
 * @param batch what tells this batch from others, for ids that are the same whenever the files are written
 */
export function openAiLines(batch: string): ToOpenAiLine {
  const key = createHash('sha256').update(batch).digest('hex').slice(0, 12);
  return (kind, line) => (kind === 'output' ? outputLine(key, line) : errorLine(key, line));
}

function outputLine(key: string, line: string): string {
  const [start, index, customId] = outputStart.exec(line) ?? [];
  if (start === undefined) throw unknownLine(line);
  const response = `{"status_code":200,"request_id":"req_${key}_${index}","body":${line.slice(start.length, -1)}}`;
  return `{"id":"batch_req_${key}_${index}","custom_id":${customId},"response":${response},"error":null}`;
}

function errorLine(key: string, line: string): string {
  const { index, custom_id, error } = readErrorLine(line, 'shard');
  const status = statusCodes[error.code as ModelJobErrorCode];
  const body = { error: { message: error.message, type: 'invalid_request_error', param: null, code: error.code } };
  return JSON.stringify({
    id: `batch_req_${key}_${index}`,
    custom_id: custom_id ?? null,
    response: status === undefined ? null : { status_code: status, request_id: `req_${key}_${index}`, body },
    error: status === undefined ? error : null,
  });
}

function unknownLine(line: string): ModelJobError {
  return new ModelJobError('IntegrityError', `a line of a finished shard is none of a batch: ${line.slice(0, 200)}`);
}
