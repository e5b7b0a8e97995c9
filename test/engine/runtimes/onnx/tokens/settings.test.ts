import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadLibrary } from '../../../../../engine/runtimes/onnx/library.js';
import { withDeclaredTokens } from '../../../../../engine/runtimes/onnx/tokens/added-tokens.js';
import { encodeText } from '../../../../../engine/runtimes/onnx/tokens/encoded.js';
import { textTokenizer } from '../../../../../engine/runtimes/onnx/tokens/text-tokenizer.js';
import reference from '../../../../fixtures/references/text/cases/settings.json' with { type: 'json' };
import { temporaryFolder } from '../../../../helpers/activity.js';
import { referenceTokenizer } from '../../../../helpers/text-references.js';

type Json = Record<string, unknown>;

/** A tokenizer of the recordings with other settings, and parts of its `tokenizer.json` changed. */
async function tokenizerWith(
  name: string,
  config: Json,
  edit: Record<string, object>,
  files: Json = {},
  vocabulary = Infinity,
) {
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
  for (const [file, content] of Object.entries(files)) await writeFile(join(folder, file), JSON.stringify(content));
  const { AutoTokenizer } = await loadLibrary();
  const loaded = await AutoTokenizer.from_pretrained(folder, { local_files_only: true });
  return textTokenizer(await withDeclaredTokens(loaded, folder, vocabulary), 8);
}

describe('a tokenizer with these settings reads texts as in Python', () => {
  it.each(reference.cases)(
    '$tokenizer, $config, $edit, $files',
    async ({ tokenizer: name, config, edit, files, ids, cut }) => {
      const tokenizer = await tokenizerWith(name, config, edit, files);
      expect(reference.texts.map((text) => tokenizer.tokensOf(text))).toEqual(ids);
      expect(reference.texts.map((text) => tokenizer.placedTokensOf(text).map(({ id }) => id))).toEqual(ids);
      const [row] = encodeText(tokenizer, tokenizer.tokensOf(reference.texts[0]!), { truncation: 'cut' }).rows;
      expect(row?.ids).toEqual(cut);
    },
  );
});

it('a tokenizer with a rule that is not followed is refused', async () => {
  const added = { id: 500, content: '[NEW]', single_word: true, lstrip: false, rstrip: false, normalized: false };
  await expect(tokenizerWith('wordpiece', {}, { added_tokens: [added] })).rejects.toMatchObject({
    code: 'MissingDependency',
    message: expect.stringContaining('`single_word` of "[NEW]" is not served') as string,
  });
});

it('a token that the model does not know is refused by name', async () => {
  const config = { additional_special_tokens: ['[NEW]'] };
  await expect(tokenizerWith('wordpiece', config, {}, {}, 500)).rejects.toMatchObject({
    code: 'Failed',
    message: expect.stringContaining('declare "[NEW]", token 500: the model knows 500') as string,
  });
  const within = await tokenizerWith('wordpiece', config, {}, {}, 501);
  expect(within.tokensOf('[NEW]')).toEqual([500]);
});

it('special tokens are left out of what is written, declared ones too', async () => {
  const config = { additional_special_tokens: ['[NEW]'], added_tokens_decoder: { 500: { content: '[OLD]' } } };
  const tokenizer = await tokenizerWith('wordpiece', config, {});
  expect(tokenizer.textOf(tokenizer.tokensOf('a [NEW] b [OLD]'))).toBe('a b [OLD]');
});
