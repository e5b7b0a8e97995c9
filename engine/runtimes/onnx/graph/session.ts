import { InferenceSession } from 'onnxruntime-node';
import { sessionOptions, type Computing } from '../session-options.js';

/** A graph's session; `path` is absolute. */
export function openSession(path: string, computing: Computing): Promise<InferenceSession> {
  return InferenceSession.create(path, sessionOptions(computing));
}
