import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadLibrary } from '../../../../../engine/runtimes/onnx/library.js';
import { encodeText } from '../../../../../engine/runtimes/onnx/tokens/encoded.js';
import { textTokenizer } from '../../../../../engine/runtimes/onnx/tokens/text-tokenizer.js';
import reference from '../../../../fixtures/references/text/cases/settings.json' with { type: 'json' };
import { temporaryFolder } from '../../../../helpers/activity.js';
import { referenceTokenizer } from '../../../../helpers/text-references.js';

type Json = Record<string, unknown>;

/** A tokenizer of the recordings with other settings, and parts of its `tokenizer.json` changed. */
async function tokenizerWith(name: string, config: Json, edit: Record<string, object>) {
  const [source, folder] = [referenceTokenizer(name), await temporaryFolder()];
  const read = async (file: string) => JSON.parse(await readFile(join(source, file), 'utf8')) as Json;
  const tokenizer = await read('tokenizer.json');
  for (const [key, value] of Object.entries(edit)) {
    const before = tokenizer[key] as object;
    tokenizer[key] = Array.isArray(value)
      ? [...(before as unknown[]), ...(value as unknown[])]
      : { ...before, ...value };
  }
  const settings = Object.entries({ ...(await read('tokenizer_config.json')), ...config });
  const told = Object.fromEntries(settings.filter(([, value]) => value !== null));
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer));
  await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify(told));
  const { AutoTokenizer } = await loadLibrary();
  const loaded = await AutoTokenizer.from_pretrained(folder, { local_files_only: true });
  return textTokenizer(loaded, 8);
}

describe('a tokenizer with these settings reads texts as in Python', () => {
  it.each(reference.cases)('$tokenizer, $config, $edit', async ({ tokenizer: name, config, edit, ids, cut }) => {
    const tokenizer = await tokenizerWith(name, config, edit);
    expect(reference.texts.map((text) => tokenizer.tokensOf(text))).toEqual(ids);
    expect(reference.texts.map((text) => tokenizer.placedTokensOf(text).map(({ id }) => id))).toEqual(ids);
    const [row] = encodeText(tokenizer, tokenizer.tokensOf(reference.texts[0]!), { truncation: 'cut' }).rows;
    expect(row?.ids).toEqual(cut);
  });
});

it('a tokenizer with a rule that is not followed is refused', async () => {
  const added = { id: 500, content: '[NEW]', single_word: true, lstrip: false, rstrip: false, normalized: false };
  await expect(tokenizerWith('wordpiece', {}, { added_tokens: [added] })).rejects.toMatchObject({
    code: 'MissingDependency',
    message: expect.stringContaining('`single_word` of "[NEW]" is not served') as string,
  });
});
