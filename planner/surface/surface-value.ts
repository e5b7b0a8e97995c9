import { compareCodePoints } from '../shared/text.js';

/** Fields of a result that its summary repeats. */
const summaryFields = ['count', 'width', 'height', 'format', 'pixelFormat', 'dimensions', 'operationCount'];

/** A surface result with the crate's common fields around it (`structured_operation_response`). */
export function structuredValue(parts: {
  operation: string;
  title: string;
  message: string;
  summary?: Record<string, unknown> | undefined;
  result: Record<string, unknown>;
}): Record<string, unknown> {
  const { operation, title, message, result } = parts;
  return { ...result, operation, title, message, summary: parts.summary ?? summarize(result), result };
}

/** `status`, the fields above, and the length of the result's first list by key (the crate's maps are sorted). */
function summarize(result: Record<string, unknown>): Record<string, unknown> {
  const summary: Record<string, unknown> = { status: 'ok' };
  for (const field of summaryFields) if (field in result) summary[field] = result[field];
  for (const key of Object.keys(result).sort(compareCodePoints)) {
    const value = result[key];
    if (Array.isArray(value)) return { ...summary, [`${key}Count`]: value.length };
  }
  return summary;
}
