import { z } from 'zod';
import { once } from '../shared/once.js';
import { compareCodePoints } from '../shared/text.js';

/**
 * What a job's model is, to the byte. A job pins it once; its other steps, hosts and attempts use exactly that one.
 * `digest` is the SHA-256 (lowercase hex) of {@link modelDigestText}, or for a model without files of `version`.
 */
export const modelIdentitySchema = once(() =>
  z.object({
    /** For people: `owner/name@0123456789ab`, `name@sha256:0123456789ab`, or a program's name. */
    label: z.string(),
    /** `owner/name` on the hub; null for any other source. */
    repository: z.string().nullable(),
    /** The hub's commit, 40 hex digits. */
    commit: z.string().nullable(),
    /** Null only while the files of a commit are on their way. */
    digest: z.string().nullable(),
    /** What stands for the version of a program or a runtime without files; null for a model of files. */
    version: z.string().nullable(),
  }),
);

export type ModelIdentity = z.infer<ReturnType<typeof modelIdentitySchema>>;

/** A file as a digest counts it: its path in the model, its size in bytes, its SHA-256 in lowercase hex. */
export interface DigestedFile {
  path: string;
  size: number;
  sha256: string;
}

/** The text whose SHA-256 is the digest of a model of files: JSON of `[path, size, sha256]`, by path in code points. */
export function modelDigestText(files: readonly DigestedFile[]): string {
  const sorted = [...files].sort((left, right) => compareCodePoints(left.path, right.path));
  return JSON.stringify(sorted.map(({ path, size, sha256 }) => [path, size, sha256]));
}

/** How many hex digits people read. */
const shownDigits = 12;

/** The identity of a repository's commit, with its digest where all of its files are known. */
export function commitIdentity(repository: string, commit: string, digest: string | null): ModelIdentity {
  return { label: `${repository}@${commit.slice(0, shownDigits)}`, repository, commit, digest, version: null };
}

/** The identity of files that are no repository's. */
export function filesIdentity(name: string, digest: string): ModelIdentity {
  const label = `${name}@sha256:${digest.slice(0, shownDigits)}`;
  return { label, repository: null, commit: null, digest, version: null };
}

/** The identity of a model without files: of its version, in words, and the digest of those. */
export function versionIdentity(label: string, version: string, digest: string): ModelIdentity {
  return { label, repository: null, commit: null, digest, version };
}

/** Whether two identities are one model, as far as both are known. */
export function isSameModel(left: ModelIdentity, right: ModelIdentity): boolean {
  if (left.repository !== right.repository || left.commit !== right.commit) return false;
  return left.digest === null || right.digest === null ? left.commit !== null : left.digest === right.digest;
}
