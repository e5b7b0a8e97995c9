import type { JobActivity } from '../../state/job-activities.js';
import { clip, oneLine } from './text.js';

/** A retry in words, of an activity that is not in its first attempt: `downloadModel, attempt 3: connection reset`. */
export function retryText({ type, attempt, lastFailure }: JobActivity): string | undefined {
  if (attempt < 2) return undefined;
  return `${type}, attempt ${attempt}${lastFailure ? `: ${clip(oneLine(lastFailure), 120)}` : ''}`;
}
