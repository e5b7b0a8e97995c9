import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { compareEmbeddings } from './compare.js';
import { embedByJob } from './embed-job.js';
import { parityTexts } from './texts.js';
import { pythonWith } from '../python.js';
import { checkout } from '../real-model.js';

const count = 200;

const demoSentences = join(checkout, 'demo/data/sentences.jsonl');
const script = join(checkout, 'bench/parity/embed.py');
const model = resolve(process.env['MODEL_JOBS_BENCH_MODEL'] || join(checkout, '../shared/models/all-MiniLM-L6-v2'));

/**
 * Whether a real sentence model gives the right vectors: a whole Inference job against Python's onnxruntime and
 * tokenizers on the same files. True where there is no model or no Python too, which is told.
 */
export async function checkSentenceModel(): Promise<boolean> {
  if (!existsSync(join(model, 'onnx', 'model.onnx'))) {
    return skip(`no model at ${model}; MODEL_JOBS_BENCH_MODEL names the folder of another`);
  }
  const python = await pythonWith('onnxruntime', 'tokenizers', 'numpy');
  if (!python) return skip('no Python to compare with');
  const sentences = join(dirname(model), 'sentences.txt');
  const texts = parityTexts(existsSync(sentences) ? sentences : demoSentences, count);
  const home = await mkdtemp(join(tmpdir(), 'model-jobs-parity-'));
  try {
    const file = join(home, 'texts.json');
    await writeFile(file, JSON.stringify(texts));
    const ours = await embedByJob(model, texts, home);
    const theirs = JSON.parse(await python.run([script, model, file])) as number[][];
    return judge(texts, ours, theirs, python.packages);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

function judge(texts: readonly string[], ours: number[][], theirs: number[][], packages: string): boolean {
  if (ours.length !== texts.length) throw new Error(`${ours.length} outputs for ${texts.length} texts`);
  const { largest, different, tied, reordered } = compareEmbeddings(ours, theirs);
  console.log(`${texts.length} texts, ${ours[0]?.length ?? 0} numbers each, against Python with ${packages}`);
  console.log(`largest difference ${largest.toExponential(2)}; ${different.length} texts differ by 1e-4 or more`);
  for (const index of different) console.log(`  ${shown(texts[index])}`);
  console.log(`${reordered.length} texts have their neighbours in another order; ${tied} places are tied within 1e-5`);
  return different.length === 0 && reordered.length === 0;
}

function skip(why: string): boolean {
  console.log(`sentence model: skipped, ${why}`);
  return true;
}

function shown(text = ''): string {
  const json = JSON.stringify(text);
  return json.length > 60 ? `${json.slice(0, 60)}…` : json;
}
