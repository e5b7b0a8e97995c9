import { InferenceSession } from 'onnxruntime-node';
import { sessionOptions } from '../session-options.js';

/** A graph's session; `path` is absolute. */
export function openSession(path: string, threads: number): Promise<InferenceSession> {
  return InferenceSession.create(path, sessionOptions(threads));
}
