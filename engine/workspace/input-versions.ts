import { stat } from 'node:fs/promises';
import { canonicalJson, type InputFile, type ModelJobInput } from '../../planner/index.js';
import { sha256OfFile } from '../../system/hashing/index.js';
import { sha256OfText } from '../../system/hashing/sha256-of-text.js';
import type { PathGuard } from './paths.js';

/** The versions of a job's inputs. */
export interface InputVersions {
  /** SHA-256 over all of them, in lowercase hex. */
  inputsDigest: string;
  files: InputFile[];
}

/**
 * Describes a job's inputs: values by what they are, files by their content. Files that are not on this disk, and
 * folders, are described by their place.
 *
 * @param hashed whether files are read; else they are described by size and time of change
 */
export async function inputVersions(
  inputs: readonly ModelJobInput[],
  paths: PathGuard,
  { hashed, signal }: { hashed: boolean; signal: AbortSignal },
): Promise<InputVersions> {
  const files: InputFile[] = [];
  const parts: InputPart[] = [];
  for (const input of inputs) {
    if (input.kind === 'json') parts.push({ value: input.value });
    else {
      const named = input.kind === 'artifact' ? input.value.uri : input.value;
      const location =
        input.kind === 'artifact' ? paths.artifact(input.value, 'inputs') : paths.location(named, 'inputs');
      // Whether a job may read it is for the job to tell.
      const file = await fileVersion(await location.catch(() => undefined), { hashed, signal });
      if (file) files.push(file);
      parts.push(file ? { file } : { named });
    }
  }
  return { inputsDigest: inputsDigest(parts), files };
}

/** An input as its digest counts it: a value, a file, or what names something else. */
export type InputPart = { value: unknown } | { file: InputFile } | { named: string };

/** One digest over inputs: the same wherever files lie whose content is known. */
export function inputsDigest(parts: readonly InputPart[]): string {
  return sha256OfText(canonicalJson(parts.map(essenceOf)));
}

function essenceOf(part: InputPart): unknown {
  return 'file' in part && part.file.sha256 !== undefined ? { sha256: part.file.sha256 } : part;
}

interface Reading {
  hashed: boolean;
  signal: AbortSignal;
}

async function fileVersion(location: string | undefined, { hashed, signal }: Reading): Promise<InputFile | undefined> {
  const facts = location === undefined ? undefined : await stat(location).catch(() => undefined);
  if (location === undefined || !facts?.isFile()) return undefined;
  const version = { location, sizeBytes: facts.size };
  return hashed
    ? { ...version, sha256: await sha256OfFile(location, { signal }) }
    : { ...version, modifiedMs: Math.floor(facts.mtimeMs) };
}
