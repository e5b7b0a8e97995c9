import { Worker } from 'node:worker_threads';
import { compiledModule } from './compiled-module.js';
import { unpackError, type ThreadReply } from './packed-error.js';

/** How long a thread may take to stop by itself, in milliseconds. */
const graceMs = 5000;

export interface ThreadOptions<Report> {
  signal: AbortSignal;
  onReport: (report: Report) => void;
}

/**
 * Runs a module that calls `serveThread` on a thread of its own, so that work which computes for long holds up
 * nothing else on this worker.
 *
 * @param module beside the caller, such as `new URL('./plan-thread.js', import.meta.url)`
 * @throws what the work throws; the signal's reason
 */
export async function runInThread<Input, Output, Report>(
  module: URL,
  input: Input,
  { signal, onReport }: ThreadOptions<Report>,
): Promise<Output> {
  signal.throwIfAborted();
  const worker = new Worker(compiledModule(module), { workerData: input });
  let grace: NodeJS.Timeout | undefined;
  const abort = (): void => {
    worker.postMessage('abort');
    grace = setTimeout(() => void worker.terminate(), graceMs);
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await new Promise<Output>((resolve, reject) => {
      worker.on('message', (reply: ThreadReply<Output, Report>) => {
        if ('report' in reply) onReport(reply.report);
        else if ('error' in reply) reject(unpackError(reply.error));
        else resolve(reply.output);
      });
      worker.on('error', reject);
      worker.on('exit', (code) => reject(new Error(`the thread ended with code ${code}`)));
    });
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener('abort', abort);
    clearTimeout(grace);
    await worker.terminate();
  }
}
