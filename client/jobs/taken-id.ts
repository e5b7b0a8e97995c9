import type { Client } from '@temporalio/client';
import {
  canonicalRequest,
  isTerminal,
  ModelJobError,
  parseModelAccessJobRequest,
  requestDifference,
  type ModelAccessJobRequest,
} from '../../planner/index.js';
import { sha256OfText } from '../../system/hashing/sha256-of-text.js';
import { readRun, type JobRun } from '../state/job-run.js';
import { readRequest } from '../state/job-spec.js';
import type { IdReusePolicy } from './id-reuse.js';

/** What a caller of `start` wants where its id is taken. */
export interface TakenIdOptions {
  join: boolean;
  idReuse: IdReusePolicy;
}

/** What to do about a taken id: take its job as one's own, or start again: the job has ended, and its id is free. */
export type TakenId = { kind: 'take'; firstRunId: string } | { kind: 'startAgain' };

/**
 * Decides what becomes of a request whose id has a job already.
 *
 * @throws ModelJobError `AlreadyExists` for another request's job, by the digests of both, and for one that may not be
 *   taken; NoServerError
 */
export async function judgeTakenId(
  client: Client,
  jobId: string,
  request: ModelAccessJobRequest,
  { join, idReuse }: TakenIdOptions,
): Promise<TakenId> {
  const run = await findRun(client, jobId);
  if (!run) return { kind: 'startAgain' };
  const hasEnded = isTerminal(run.status);
  if (!hasEnded && !join && idReuse !== 'return') throw alreadyRunning(run);
  if (hasEnded && idReuse === 'allow') return { kind: 'startAgain' };
  if (hasEnded && idReuse === 'reject') throw alreadyEnded(run);
  await refuseAnother(client, run, request);
  if (hasEnded && run.status !== 'succeeded') return { kind: 'startAgain' };
  return { kind: 'take', firstRunId: run.firstRunId };
}

/** Undefined for a job that is gone since. */
async function findRun(client: Client, jobId: string): Promise<JobRun | undefined> {
  try {
    return await readRun(client, jobId);
  } catch (error) {
    if (error instanceof ModelJobError && error.code === 'NotFound') return undefined;
    throw error;
  }
}

/** By the requests as they came, the times in their paths not filled in. */
async function refuseAnother(client: Client, run: JobRun, request: ModelAccessJobRequest): Promise<void> {
  const other = readable(await readRequest(client, run));
  const differs = other && requestDifference(other, request);
  if (other && !differs) return;
  const { jobId, runId, status } = run;
  const [theirs, ours] = [other, request].map((one) => one && sha256OfText(canonicalRequest(one)));
  const state = isTerminal(status) ? `has ${status} with` : 'is running';
  const where = differs ? `: ${differs.field} is ${differs.left} there and ${differs.right} here` : '';
  throw refusal(
    `job \`${jobId}\` ${state} another request${where} (request ${short(theirs)} there, ${short(ours)} here): ` +
      'give this request an `id` of its own',
    { jobId, runId, requestDigest: ours, otherRequestDigest: theirs ?? null, field: differs?.field ?? null },
  );
}

/** Undefined for a request that this version can't read. */
function readable(request: unknown): ModelAccessJobRequest | undefined {
  try {
    return parseModelAccessJobRequest(request);
  } catch {
    return undefined;
  }
}

function alreadyRunning({ jobId, runId }: JobRun): ModelJobError {
  const advice = 'join it (`--join`, or `join: true`), or give this request an `id` of its own';
  return refusal(`job \`${jobId}\` is running already: ${advice}`, { jobId, runId });
}

function alreadyEnded({ jobId, runId, status }: JobRun): ModelJobError {
  const advice = 'take its result (`--id-reuse return`), or give this request an `id` of its own';
  return refusal(`job \`${jobId}\` has ${status} already, and its id may not be used again: ${advice}`, {
    jobId,
    runId,
  });
}

function refusal(detail: string, details: Record<string, unknown>): ModelJobError {
  return new ModelJobError('AlreadyExists', detail, { details });
}

function short(digest: string | undefined): string {
  return digest?.slice(0, 12) ?? 'unknown';
}
