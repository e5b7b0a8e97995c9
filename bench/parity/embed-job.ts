import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { realModelSpec } from '../real-model.js';
import { withStack } from '../stack.js';

/**
 * Embeds texts by a whole Inference job: a real server, a worker of its own, the texts as a JSON Lines file.
 *
 * @param home an empty folder, for the server, the worker and the texts
 */
export async function embedByJob(model: string, texts: readonly string[], home: string): Promise<number[][]> {
  const file = join(home, 'texts.jsonl');
  await writeFile(file, texts.map((text) => `${JSON.stringify(text)}\n`).join(''));
  return withStack({ home, roots: [model] }, async ({ client }) => {
    const { artifacts } = await client.execute({
      id: `parity-${process.pid}`,
      kind: 'Inference',
      backend: 'onnx',
      spec: { ...realModelSpec(model), name: basename(model) },
      inputs: [{ kind: 'localPath', value: file }],
    });
    const output = artifacts.find(({ id }) => id === 'output');
    if (!output) throw new Error(`the job has no output artifact: ${JSON.stringify(artifacts)}`);
    return JSON.parse(await readFile(new URL(output.uri), 'utf8')) as number[][];
  });
}
