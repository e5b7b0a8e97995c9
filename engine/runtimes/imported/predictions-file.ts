import type { Stats } from 'node:fs';
import { stat, type FileHandle } from 'node:fs/promises';
import type { JsonValue } from '../../../planner/index.js';
import type { InputRow } from '../../models/contract/model-runtime.js';
import type { KeyIndex } from './key-index.js';
import type { LineOffsets } from './line-offsets.js';
import { keysOfInput, keysOfPrediction, type Prediction } from './prediction.js';

/** A prediction, its line, and the number of that. */
export interface FoundPrediction {
  line: number;
  text: string;
  prediction: Prediction;
}

/** What is known of a file once it is read. */
export interface IndexedFile {
  path: string;
  handle: FileHandle;
  /** As they were before it was read. */
  stats: Stats;
  /** SHA-256 of what was read. */
  sha256: string;
  lines: LineOffsets;
  keys: KeyIndex;
  /** The number of lines that hold a prediction of their own. */
  predictions: number;
}

/** A file that is being read. */
export type UnfinishedFile = Omit<IndexedFile, 'predictions' | 'sha256'>;

/** A file of predictions whose lines stay on disk: only their keys' hashes and their places are in memory. */
export class PredictionsFile {
  readonly #file: IndexedFile;
  /** A 1 for each line that was asked for. */
  readonly #asked: Uint8Array;
  #askedCount = 0;

  constructor(file: IndexedFile) {
    this.#file = file;
    this.#asked = new Uint8Array(file.lines.count + 1);
  }

  get path(): string {
    return this.#file.path;
  }

  get sha256(): string {
    return this.#file.sha256;
  }

  get predictions(): number {
    return this.#file.predictions;
  }

  /** How many predictions nobody has asked for. */
  get unused(): number {
    return this.predictions - this.#askedCount;
  }

  /** The prediction of an input: by its name, else by its number, else by itself. */
  async find(input: JsonValue, row: InputRow | undefined): Promise<FoundPrediction | undefined> {
    for (const key of keysOfInput(input, row)) {
      const found = await findByKey(this.#file, key);
      if (!found) continue;
      if (!this.#asked[found.line]) this.#askedCount += 1;
      this.#asked[found.line] = 1;
      return found;
    }
    return undefined;
  }

  /** Whether the file is as it was when it was indexed. */
  async isCurrent(): Promise<boolean> {
    const { path, stats } = this.#file;
    const now = await stat(path).catch(() => undefined);
    return now?.ino === stats.ino && now.size === stats.size && now.mtimeMs === stats.mtimeMs;
  }

  async close(): Promise<void> {
    await this.#file.handle.close();
  }
}

/** The prediction under a key. Hashes may be shared: the line itself is looked at. */
export async function findByKey(file: UnfinishedFile, key: string): Promise<FoundPrediction | undefined> {
  for (const line of file.keys.find(key)) {
    const text = await readLine(file, line);
    // It was found to be good before.
    const prediction = JSON.parse(text) as Prediction;
    if (keysOfPrediction(prediction).includes(key)) return { line, text, prediction };
  }
  return undefined;
}

async function readLine({ lines, handle, stats }: UnfinishedFile, line: number): Promise<string> {
  const { start, end } = lines.range(line, stats.size);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(end - start), 0, end - start, start);
  return buffer.toString('utf8', 0, bytesRead);
}
