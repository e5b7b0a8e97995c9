import {
  allHandlersFinished,
  CancellationScope,
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  setHandler,
} from '@temporalio/workflow';
import {
  checkSteering,
  ModelJobError,
  queryNames,
  steeringNames,
  type BatchStatus,
  type SteeringName,
} from '../../planner/index.js';
import { jobFailureOf } from '../failures.js';
import type { Batch } from './batch.js';

const descriptions: Readonly<Record<SteeringName, string>> = {
  pause: 'Stops the shards that run, frees their models and starts no more; resume goes on at the same row.',
  resume: 'Goes on with a paused batch.',
  setConcurrency: 'Sets how many shards run at once, from 1 to 64; those that run go on to their end.',
};

/** Lets operators steer a batch: by updates, which answer with its status, and by signals, which can't be refused. */
export function acceptSteering(batch: Batch): void {
  setHandler(defineQuery<BatchStatus>(queryNames.batch), () => batch.status());
  for (const name of Object.keys(steeringNames) as SteeringName[]) {
    setHandler(defineUpdate<BatchStatus, [unknown]>(name), (value) => onUpdate(batch, name, value), {
      description: descriptions[name],
      validator: (value) => validate(batch, name, value),
    });
    setHandler(defineSignal<[unknown]>(name), (value) => onSignal(batch, name, value), {
      description: descriptions[name],
    });
  }
}

/** Waits until every update has its answer: a run that ends before takes the answer with it. */
export function steeringAnswered(): Promise<void> {
  return CancellationScope.nonCancellable(() => condition(allHandlersFinished));
}

/** An update that is refused leaves no trace in the history. */
function validate(batch: Batch, name: SteeringName, value: unknown): void {
  try {
    checkSteering(name, batch, value);
  } catch (error) {
    throw jobFailureOf(error).failure;
  }
}

/** A pause answers when the shards have stopped, so that who asked knows that the slots are free. */
async function onUpdate(batch: Batch, name: SteeringName, value: unknown): Promise<BatchStatus> {
  steer(batch, name, value);
  await CancellationScope.nonCancellable(() => condition(() => batch.phase !== 'pausing'));
  return batch.status();
}

function onSignal(batch: Batch, name: SteeringName, value: unknown): void {
  try {
    checkSteering(name, batch, value);
    steer(batch, name, value);
  } catch (error) {
    if (!(error instanceof ModelJobError)) throw error;
    batch.job.note(`signal ${name} ignored: ${error.detail}`);
    // The history has grown all the same.
    batch.onSteering();
  }
}

/** The value has been checked. */
function steer(batch: Batch, name: SteeringName, value: unknown): void {
  if (name === 'setConcurrency') {
    batch.concurrency = Number(value);
    batch.job.note(`${batch.concurrency} shards at once`);
  } else {
    batch.paused = name === 'pause';
  }
  batch.onSteering();
  batch.show();
}
