import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonValue, ModelTask } from '../../../../planner/index.js';
import { closeTo, referenceCases, referenceFolder, referenceModel, unitsOf } from '../../../helpers/text-references.js';

interface Variant {
  task: Exclude<ModelTask, object>;
  model: string;
  config: object;
  settings: object;
  cases: { input: JsonValue; parameters: Record<string, JsonValue>; answer: JsonValue }[];
}

async function changed(path: string, changes: object): Promise<object> {
  const before = JSON.parse(await readFile(join(referenceFolder, path), 'utf8')) as object;
  return Object.fromEntries(Object.entries({ ...before, ...changes }).filter(([, value]) => value !== null));
}

/** Answers of no probability stand at the end of short lists; Python has one at no place. */
function likely(answer: JsonValue): JsonValue {
  if (!Array.isArray(answer)) return answer;
  return answer.filter((one) => !(typeof one === 'object' && one !== null && 'answer' in one && one['score'] === 0));
}

/** Places in code points as places in UTF-16 units; the context or the text is what they are places of. */
function inUnits(answer: JsonValue, text: string): JsonValue {
  if (Array.isArray(answer)) return answer.map((one) => inUnits(one, text));
  if (typeof answer !== 'object' || answer === null || !('start' in answer)) return answer;
  const unit = unitsOf(text);
  return { ...answer, start: unit(answer['start'] as number), end: unit(answer['end'] as number) };
}

function textOf(input: JsonValue): string {
  return typeof input === 'string' ? input : ((input as { context?: string }).context ?? '');
}

const variants = await referenceCases<Variant>('variants');

describe('with another configuration a model answers as in transformers’ pipeline', () => {
  it.each(variants)('$task, $config, $settings', async ({ task, model, config, settings, cases }) => {
    const { run } = await referenceModel(
      task,
      { model, tokenizer: 'wordpiece' },
      {
        'config.json': await changed(`models/${model}/config.json`, config),
        'tokenizer_config.json': await changed('tokenizers/wordpiece/tokenizer_config.json', settings),
      },
    );
    for (const { input, parameters, answer } of cases) {
      const [found] = await run([input], parameters);
      expect(found, JSON.stringify([input, parameters])).toEqual(closeTo(inUnits(likely(answer), textOf(input))));
    }
  });
});

describe('a text that is embedded', () => {
  it('is read without the blanks at its ends, as by Sentence Transformers', async () => {
    const { run } = await referenceModel('text_embedding', { model: 'embed-roberta', tokenizer: 'bpe' });
    const [wanted, ...same] = await run(['Ada', ' Ada\n', '\u001c\u0085Ada \t', '\ufeffAda']);
    const mark = same.pop();
    expect(same).toEqual([wanted, wanted]);
    expect(mark).not.toEqual(wanted);
  });
});
