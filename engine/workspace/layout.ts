import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { revisionOf, safeName, type ModelSpec } from '../../planner/index.js';

/** Longest folder name that we make, in characters; a longer one is cut and told apart by a hash. */
const maxSegment = 120;

/** Where a model's bundle is: `{home}/bundles/{safe name}/{safe revision}`. */
export function bundleRoot(home: string, spec: ModelSpec): string {
  return join(home, 'bundles', segment(spec.name), segment(revisionOf(spec) ?? 'main'));
}

/** What a home holds that is the worker's alone: no request names a path in it. */
export function ownRooms(home: string): string[] {
  return [jobsFolder(home), ...['bundles', 'hashes', 'server'].map((room) => join(home, room))];
}

/** What a worker opens to requests where its operator names nothing else. */
export function dataFolder(home: string): string {
  return join(home, 'data');
}

/** Where the small inputs are that models are warmed with: a root of the worker's own. */
export function sampleFolder(home: string): string {
  return join(home, 'samples');
}

/** Where jobs keep their files. */
export function jobsFolder(home: string): string {
  return join(home, 'jobs');
}

/** Where a job keeps its files: `{home}/jobs/{safe job id}`; two job ids never share one. */
export function jobFolder(home: string, jobId: string): string {
  return join(jobsFolder(home), jobFolderName(jobId));
}

/**
 * Where one run of a job keeps its files on this worker: `{job's folder}/run-{run id}`. Attempts of its activities share
 * it; the next run of the job's id has another.
 */
export function runFolder(home: string, { jobId, runId }: { jobId: string; runId: string }): string {
  return join(jobFolder(home, jobId), runFolderName(runId));
}

/** The name of a run's folder in that of its job, wherever that is. */
export function runFolderName(runId: string): string {
  return `run-${segment(runId)}`;
}

/** The name of a job's folder, wherever that is. */
export function jobFolderName(jobId: string): string {
  const safe = segment(jobId);
  return safe === jobId ? safe : `${safe}-${shortHash(jobId)}`;
}

/** One folder name from any text: the crate's safe name, never empty, `.` or `..`. */
function segment(text: string): string {
  const safe = safeName(text).replace(/^\.+$/, (dots) => '_'.repeat(dots.length)) || '_';
  return safe.length <= maxSegment ? safe : `${safe.slice(0, maxSegment - 9)}-${shortHash(text)}`;
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
