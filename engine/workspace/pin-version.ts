import { isSameModel, ModelJobError, versionIdentity, type ModelIdentity } from '../../planner/index.js';
import { sha256OfText } from '../../system/hashing/sha256-of-text.js';
import type { JobWork } from './work.js';

/** The identity of a model without files, by its version in words. */
export function versionOf(label: string, version: string): ModelIdentity {
  return versionIdentity(label, version, sha256OfText(version));
}

/**
 * Pins a version, or holds it against the one that is pinned.
 *
 * @throws ModelJobError `IntegrityError` for another one
 */
export function pinVersion(found: ModelIdentity, { pinned, pin }: JobWork): ModelIdentity {
  if (!pinned) pin(found);
  else if (pinned.version !== null && !isSameModel(pinned, found)) {
    throw new ModelJobError(
      'IntegrityError',
      `the model that this job pinned, ${pinned.label} (${pinned.version}), can't be had any more: it is ${found.version} now`,
      { details: { pinned, found } },
    );
  }
  return found;
}
