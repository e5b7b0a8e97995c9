import { setTimeout as sleep } from 'node:timers/promises';
import { ModelLost, type LossCode } from '../contract/model-lost.js';
import { startModelProcess, type ModelProcess, type ProcessOptions } from './model-process.js';

/** How often a load is tried, by how it ends: one that hangs costs its whole time; one that takes too much needs more. */
const most: Readonly<Record<LossCode, number>> = { Crashed: 3, TimedOut: 2, ResourceLimit: 1 };

/** Between two tries, in milliseconds. */
const pauseMs = 500;

/**
 * Starts a process with a model; one that dies while it loads gets another try.
 *
 * @throws ModelJobError what the runtime threw; ModelLost, which is final, for a model that can't be loaded
 */
export async function startWithTries(options: ProcessOptions): Promise<ModelProcess> {
  for (let tries = 1; ; tries++) {
    try {
      return await startModelProcess(options);
    } catch (error) {
      if (!(error instanceof ModelLost)) throw error;
      if (tries < most[error.loss]) await sleep(pauseMs * tries);
      else
        throw tries === 1 ? error : new ModelLost(error.loss, `${error.detail}; tried ${tries} times`, error.details);
    }
  }
}
