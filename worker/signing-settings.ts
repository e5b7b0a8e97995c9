import { readdirSync, readFileSync, statSync, type Stats } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { SigningConfig } from '../activities/config.js';
import { readSigningKey, readTrustedKeys, type SigningKey, type TrustedKey } from '../engine/signing/keys.js';
import { ModelJobError } from '../planner/index.js';

/** The variables, as the environment has them. */
interface SigningVariables {
  MODEL_JOBS_SIGNING_KEY?: string | undefined;
  MODEL_JOBS_TRUST?: string | undefined;
}

/**
 * Reads the keys that the operator named, so that a worker with a bad one does not start.
 *
 * @throws ModelJobError `InvalidArgument` that names the variable and the file
 */
export function readSigningSettings(env: SigningVariables): SigningConfig {
  const { MODEL_JOBS_SIGNING_KEY: keyFile, MODEL_JOBS_TRUST: folder } = env;
  return {
    key: keyFile === undefined ? undefined : readKeyFile(keyFile, 'MODEL_JOBS_SIGNING_KEY'),
    trust: folder === undefined ? undefined : readTrustedKeyFiles(folder, 'MODEL_JOBS_TRUST'),
  };
}

/**
 * Reads a private key's file.
 *
 * @param from what named it, for the message
 * @throws ModelJobError `InvalidArgument`
 */
export function readKeyFile(path: string, from: string): SigningKey {
  const file = resolve(path);
  return readSigningKey(readText(file, from), `${from}: ${file}`);
}

/**
 * Reads the public keys of a folder, or of one file.
 *
 * @param from what named it, for the message
 * @throws ModelJobError `InvalidArgument` for a folder without a key, and for a file in it that is none
 */
export function readTrustedKeyFiles(path: string, from: string): TrustedKey[] {
  const place = resolve(path);
  const files = filesAt(place, from);
  if (files.length === 0) throw new ModelJobError('InvalidArgument', `${from}: \`${place}\` holds no public key`);
  return files.flatMap((file) =>
    readTrustedKeys(readText(file, from), `${from}: ${file}`).map((key) => ({ ...key, name: basename(file) })),
  );
}

/** A folder's files, but for those whose names begin with a dot: where secrets are mounted, links to others. */
function filesAt(place: string, from: string): string[] {
  if (!statOf(place, from).isDirectory()) return [place];
  const files = readdirSync(place)
    .filter((name) => !name.startsWith('.'))
    .map((name) => join(place, name));
  return files.sort().filter((file) => !statOf(file, from).isDirectory());
}

function statOf(path: string, from: string): Stats {
  return fromDisk(path, from, () => statSync(path));
}

function readText(path: string, from: string): string {
  return fromDisk(path, from, () => readFileSync(path, 'utf8'));
}

function fromDisk<T>(path: string, from: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ModelJobError('InvalidArgument', `${from}: \`${path}\` can't be read: ${reason}`, { cause: error });
  }
}
