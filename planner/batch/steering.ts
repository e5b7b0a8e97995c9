import { maxConcurrency, type BatchPhase, type BatchStatus } from './status.js';
import { ModelJobError } from '../shared/errors.js';

/** Names of what operators tell a running batch: each is an update, which answers, and a signal, which does not. */
export const steeringNames = { pause: 'pause', resume: 'resume', setConcurrency: 'setConcurrency' } as const;

export type SteeringName = keyof typeof steeringNames;

/** Phases in which there are no shards left to steer. */
const tooLate: ReadonlySet<BatchPhase> = new Set(['assembling', 'stopping', 'ended']);

/**
 * Refuses what would steer nothing.
 *
 * @param value the new concurrency, as it came
 * @throws ModelJobError `InvalidArgument`
 */
export function checkSteering(
  name: SteeringName,
  { phase, paused }: Pick<BatchStatus, 'phase' | 'paused'>,
  value?: unknown,
): void {
  if (tooLate.has(phase)) throw refusal(`the batch is ${phase}: it has no shards left to ${verbs[name]}`);
  if (name === 'pause' && paused) throw refusal(`the batch is ${phase} already`);
  if (name === 'resume' && !paused) throw refusal(`the batch is not paused: it is ${phase}`);
  if (name === 'setConcurrency' && !isConcurrency(value)) {
    const received = value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 40);
    throw refusal(`concurrency: expected a whole number from 1 to ${maxConcurrency}, received ${received}`);
  }
}

const verbs: Readonly<Record<SteeringName, string>> = {
  pause: 'pause',
  resume: 'resume',
  setConcurrency: 'run at once',
};

function isConcurrency(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= maxConcurrency;
}

function refusal(detail: string): ModelJobError {
  return new ModelJobError('InvalidArgument', detail);
}
