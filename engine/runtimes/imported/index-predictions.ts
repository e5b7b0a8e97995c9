import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import type { z } from 'zod';
import { ModelJobError, type ModelJobProblem } from '../../../planner/index.js';
import { KeyIndex } from './key-index.js';
import { LineOffsets } from './line-offsets.js';
import { canonicalJson, keysOfPrediction, readPrediction, type Prediction } from './prediction.js';
import { findByKey, PredictionsFile, type UnfinishedFile } from './predictions-file.js';
import { readLines, textOf } from './read-lines.js';
import type { PredictionSource } from './source.js';

/** After so many faults the rest of the file is not read. */
const maxProblems = 20;

/** How many of them the message names. */
const namedProblems = 5;

export interface IndexOptions {
  /** The shape of the task's outputs. */
  output: z.ZodType;
  signal: AbortSignal;
  log: (line: string) => void;
}

/**
 * Reads a file of predictions once, checks each line and remembers where it is. A key that is there twice is a fault,
 * unless its predictions are equal.
 *
 * @throws ModelJobError `InvalidArgument` that names the lines, `IntegrityError` for an artifact that has changed
 */
export async function indexPredictions(source: PredictionSource, options: IndexOptions): Promise<PredictionsFile> {
  const handle = await open(source.path);
  try {
    return await indexFile(handle, source, options);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function indexFile(
  handle: FileHandle,
  { path, artifact }: PredictionSource,
  { output, signal, log }: IndexOptions,
): Promise<PredictionsFile> {
  const file = { path, handle, stats: await handle.stat(), lines: new LineOffsets(), keys: new KeyIndex() };
  const hash = createHash('sha256');
  const problems: ModelJobProblem[] = [];
  const counts = { added: 0, repeated: 0 };
  for await (const group of readLines(handle, { signal, onBytes: (bytes) => void hash.update(bytes) })) {
    for (const { number: line, start, bytes } of group) {
      file.lines.add(line, start);
      const became = await indexLine(bytes, line, output, file);
      if (typeof became === 'string') counts[became] += 1;
      else problems.push({ path: `options.predictions line ${line}`, message: became.problem });
      if (problems.length >= maxProblems) throw badLines(path, problems);
    }
  }
  if (problems.length > 0) throw badLines(path, problems);
  const sha256 = hash.digest('hex');
  checkArtifact(path, artifact, file.stats.size, sha256);
  if (counts.repeated > 0) log(`${counts.repeated} lines of \`${path}\` repeat predictions of lines before them`);
  return new PredictionsFile({ ...file, sha256, predictions: counts.added });
}

/** Adds a line to the index, unless it says what is there already, or something is wrong with it. */
async function indexLine(
  bytes: Buffer,
  line: number,
  output: z.ZodType,
  file: UnfinishedFile,
): Promise<'added' | 'repeated' | { problem: string }> {
  let prediction: Prediction;
  try {
    prediction = readPrediction(textOf(bytes), output);
  } catch (error) {
    if (error instanceof ModelJobError) return { problem: error.detail };
    return { problem: `not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  let became: 'added' | 'repeated' = 'repeated';
  for (const key of keysOfPrediction(prediction)) {
    const before = await findByKey(file, key);
    if (before && !areEqual(before.prediction, prediction)) {
      return { problem: `${key} has another prediction in line ${before.line} already` };
    }
    if (before) continue;
    file.keys.add(key, line);
    became = 'added';
  }
  return became;
}

function areEqual(left: Prediction, right: Prediction): boolean {
  return canonicalJson([left.output, left.error]) === canonicalJson([right.output, right.error]);
}

function badLines(path: string, problems: ModelJobProblem[]): ModelJobError {
  const named = problems.slice(0, namedProblems).map((problem) => `${problem.path}: ${problem.message}`);
  const more = problems.length > namedProblems ? `; and ${problems.length - namedProblems} more` : '';
  return new ModelJobError('InvalidArgument', `\`${path}\`: ${named.join('; ')}${more}`, { problems });
}

function checkArtifact(
  path: string,
  { sha256, sizeBytes }: PredictionSource['artifact'],
  size: number,
  digest: string,
): void {
  if ((sizeBytes == null || sizeBytes === size) && (sha256 == null || sha256 === digest)) return;
  throw new ModelJobError('IntegrityError', `options.predictions: \`${path}\` is not what its artifact says`, {
    details: { expected: { sizeBytes, sha256 }, found: { sizeBytes: size, sha256: digest } },
  });
}
