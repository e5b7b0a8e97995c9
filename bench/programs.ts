import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonValue } from '../planner/index.js';
import { candle } from './programs/candle.js';
import type { ProgramCheck, RealProgram } from './programs/check.js';
import { demucs } from './programs/demucs.js';
import { openCv } from './programs/open-cv.js';
import { whisperCpp } from './programs/whisper-cpp.js';
import { checkout } from './real-model.js';
import { withStack } from './stack.js';

/**
 * The backends that are command lines, each with the real program and real files of a model: an Inference job for each.
 *
 * Usage: npm run check:programs [-- NAME…]. Without names: those whose programs are quick to install. Exit code 1 where
 * an answer is wrong, 0 also where a program can't be had.
 */
const checks: Readonly<Record<string, ProgramCheck>> = { whisper_cpp: whisperCpp, open_cv: openCv, candle, demucs };

/** It brings five gigabytes along. */
const large = 'demucs';

const named = process.argv.slice(2);
const wanted = named.length > 0 ? named : Object.keys(checks).filter((name) => name !== large);
const results: boolean[] = [];
for (const name of wanted) results.push(await check(name));
process.exitCode = results.includes(false) ? 1 : 0;

async function check(name: string): Promise<boolean> {
  const prepare = checks[name];
  if (!prepare) throw new Error(`no check of ${name}; there are ${Object.keys(checks).join(', ')}`);
  const home = await mkdtemp(join(tmpdir(), 'model-jobs-programs-'));
  try {
    const real = await prepare(join(home, 'model'));
    if (typeof real === 'string') console.log(`${name}: skipped, ${real}`);
    return typeof real === 'string' || (await passes(name, real, home));
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function passes(name: string, { program, env, request, judge }: RealProgram, home: string): Promise<boolean> {
  const startedAt = performance.now();
  const outputs = await withStack({ home, roots: [checkout], env }, async ({ client }) => {
    const job = { id: `program-${name}-${process.pid}`, kind: 'Inference' as const, ...request };
    const { output } = await client.execute(job);
    return (output as { outputs: JsonValue[] }).outputs;
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const problem = judge(outputs);
  console.log(`${name}: ${program}, ${outputs.length} inputs in ${seconds} s: ${problem ?? 'passed'}`);
  return problem === undefined;
}
