import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Compiled, this file is dist/bench/real-model.js of the checkout. */
export const checkout = fileURLToPath(new URL('../../', import.meta.url));

/** A real sentence-embedding model and sentences for it. */
export interface RealModel {
  /** A folder in the layout of a Hugging Face ONNX repository. */
  folder: string;
  sentences: string[];
}

/**
 * The model that benches run: the folder that `MODEL_JOBS_BENCH_MODEL` names, else one that lies beside the checkout.
 * Undefined, with one line on the console, where there is none.
 */
export async function realModel(): Promise<RealModel | undefined> {
  const folder = resolve(process.env['MODEL_JOBS_BENCH_MODEL'] || join(checkout, '../shared/models/all-MiniLM-L6-v2'));
  const sentences = join(dirname(folder), 'sentences.txt');
  if (existsSync(join(folder, 'onnx', 'model.onnx')) && existsSync(sentences)) {
    return { folder, sentences: (await readFile(sentences, 'utf8')).trimEnd().split('\n') };
  }
  console.log(
    `skipped: no model at ${folder} with ../sentences.txt; MODEL_JOBS_BENCH_MODEL names the folder of another`,
  );
  return undefined;
}

/** A spec of the model for jobs. */
export function realModelSpec(folder: string) {
  return {
    name: 'bench/sentences',
    task: 'text_embedding' as const,
    source: { kind: 'local_path' as const, path: folder },
    files: ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model.onnx'].map((required) => ({
      required,
    })),
  };
}
