import { parentPort, workerData } from 'node:worker_threads';
import { packError, type ThreadReply } from './packed-error.js';

/** What work on a thread has beside its input. */
export interface ThreadContext<Report> {
  signal: AbortSignal;
  report: (report: Report) => void;
}

/** Does the work of this thread, which `runInThread` started, and tells the outcome. */
export function serveThread<Input, Output, Report>(
  work: (input: Input, context: ThreadContext<Report>) => Promise<Output>,
): void {
  const stop = new AbortController();
  parentPort?.on('message', () => stop.abort());
  const say = (reply: ThreadReply<Output, Report>): void => parentPort?.postMessage(reply);
  work(workerData as Input, { signal: stop.signal, report: (report) => say({ report }) }).then(
    (output) => say({ output }),
    (error: unknown) => say({ error: packError(error) }),
  );
}
