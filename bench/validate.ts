import { randomFillSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { sha256OfFile } from '../system/hashing/index.js';

/** What ValidateBundle spends its time on: hashing, against `openssl dgst -sha256` on as many cores. */
const fileBytes = 512 << 20;
const rounds = 3;

const folder = await mkdtemp(join(tmpdir(), 'model-jobs-validate-'));
try {
  const files = Array.from({ length: availableParallelism() }, (_, index) => join(folder, `${index}.bin`));
  for (const file of files) await writeFile(file, randomFillSync(Buffer.alloc(fileBytes)));
  const gigabytes = (files.length * fileBytes) / 1e9;
  for (let round = 1; round <= rounds; round++) {
    const ours = await seconds(() => Promise.all(files.map((file) => sha256OfFile(file))));
    const theirs = await seconds(() => Promise.all(files.map((file) => execa('openssl', ['dgst', '-sha256', file]))));
    console.log(
      `${files.length} files of ${fileBytes >> 20} MiB: ours ${(gigabytes / ours).toFixed(2)} GB/s, ` +
        `openssl ${(gigabytes / theirs).toFixed(2)} GB/s, ratio ${(theirs / ours).toFixed(2)}`,
    );
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}
