import { ModelJobError } from '../../planner/index.js';

/**
 * Refuses files of which no hash is told, for an operator who forbids them.
 *
 * @throws ModelJobError `IntegrityError` (final) that names the file and why it can't be verified
 */
export function refuseUnverified(files: readonly { path: string; unverified?: string | undefined }[]): void {
  const found = files.find(({ unverified }) => unverified !== undefined);
  if (!found) return;
  const detail = `\`${found.path}\` can't be verified: ${found.unverified ?? ''} (MODEL_JOBS_UNVERIFIED is refuse)`;
  throw new ModelJobError('IntegrityError', detail, { retryable: false, details: { path: found.path } });
}
