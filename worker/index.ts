/**
 * A worker for programs that embed one.
 *
 * @module
 */
export { readWorkerConfig, type WorkerConfig } from './config.js';
export { createWorker } from './create-worker.js';
