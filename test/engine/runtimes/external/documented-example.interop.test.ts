import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runtime } from '../../../../engine/runtimes/external/runtime.js';
import { parseModelAccessJobRequest } from '../../../../planner/index.js';
import { temporaryFolder } from '../../../helpers/activity.js';
import { loadRequest, runOptions, valuesOf } from '../../../helpers/adapter.js';

const doc = await readFile(new URL('../../../../docs/external-models.md', import.meta.url), 'utf8');

const hasPython = await execa('python3', ['--version']).then(
  () => true,
  () => false,
);

describe('docs/external-models.md', () => {
  it('has a request that parses', () => {
    expect(parseModelAccessJobRequest(JSON.parse(blockOf('json')))).toMatchObject({ backend: 'external' });
  });

  it.runIf(hasPython)('has a Python example that serves a model', async () => {
    const example = blockOf('python');
    expect(example.trim().split('\n').length).toBeLessThanOrEqual(16);
    const folder = await temporaryFolder();
    const path = join(folder, 'model.py');
    await writeFile(path, example);
    await expectToCountWords(folder, 'python3', [path]);
  });

  it('describes what a program in another language can do as well', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'model.mjs');
    await writeFile(path, sameInJavaScript);
    await expectToCountWords(folder, process.execPath, [path]);
  });
});

const sameInJavaScript = `
import { createInterface } from 'node:readline';
const say = (line) => console.log(JSON.stringify(line));
for await (const text of createInterface({ input: process.stdin })) {
  const { type, id, input } = JSON.parse(text);
  if (type === 'hello') say({ type: 'ready', name: 'word counter' });
  if (type !== 'run') continue;
  const words = input.text.split(/\\s+/).filter((word) => word !== '');
  if (words.length === 0) say({ id, error: { code: 'InvalidArgument', message: 'no word' } });
  else say({ id, output: { words: words.length, first: words[0] } });
}`;

async function expectToCountWords(folder: string, command: string, args: string[]): Promise<void> {
  const { request } = loadRequest({
    spec: { source: { kind: 'external_command', command } },
    options: { command: { args } },
    settings: { commands: [command] },
  });
  const model = await runtime.load(request);
  onTestFinished(() => model.dispose());
  const { options } = await runOptions(folder);
  const outputs = await model.run([{ text: 'zwei Wörter' }, { text: '' }, { text: 'one' }], options);
  expect(valuesOf(outputs)).toMatchObject([{ words: 2, first: 'zwei' }, { code: 'InvalidArgument' }, { words: 1 }]);
  expect(valuesOf(await model.run([{ text: 'a b c' }], options))).toEqual([{ words: 3, first: 'a' }]);
}

/** The first block of code in this language. */
function blockOf(language: string): string {
  const block = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(doc)?.[1];
  if (block === undefined) throw new Error(`the document has no ${language}`);
  return block;
}
