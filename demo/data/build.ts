import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeSentences } from './sentences.js';

/** How many sentences the committed data set has. */
export const sentenceCount = 3000;

const seed = 165;

/**
 * Writes the data set, the same bytes each time: one JSON object a line, `{"custom_id": …, "input": …}`, as
 * batch jobs read it.
 */
export async function buildSentences(file: string): Promise<void> {
  const lines = makeSentences(sentenceCount, seed).map((input, index) =>
    JSON.stringify({ custom_id: idOf(index), input }),
  );
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${lines.join('\n')}\n`);
}

function idOf(index: number): string {
  return `sentence-${String(index + 1).padStart(4, '0')}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // Compiled, this file is dist/demo/data/build.js of the checkout.
  const checkout = fileURLToPath(new URL('../../../', import.meta.url));
  const file = resolve(process.argv[2] ?? join(checkout, 'demo/data/sentences.jsonl'));
  await buildSentences(file);
  process.stdout.write(`${file}\n`);
}
