import process from 'node:process';
import { setInterval } from 'node:timers';
import { workerData } from 'node:worker_threads';

/**
 * Ends this process and what it started when its worker is gone: a model that computes or hangs would not hear of it.
 * A thread of its own, for the main one may be busy.
 */
setInterval(() => {
  if (process.ppid === workerData) return;
  process.kill(-process.pid, 'SIGKILL');
}, 1000);
