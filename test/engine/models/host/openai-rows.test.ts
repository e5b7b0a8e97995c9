import type { OpenAI } from 'openai';
import { describe, expect, it } from 'vitest';
import type { RunOptions } from '../../../../engine/models/contract/model-runtime.js';
import { runCall } from '../../../../engine/models/host/run-call.js';
import { inputCheckFor } from '../../../../engine/models/tasks/index.js';
import { createPathGuard } from '../../../../engine/workspace/paths.js';
import type { ModelTask } from '../../../../planner/index.js';

const url = '/v1/embeddings';

describe('a line of an OpenAI batch file', () => {
  it('asks for the vector of a text, or for those of a list of texts', async () => {
    const { outputs, customIds, errors } = await run([
      line('one', { model: 'text-embedding-3-small', input: 'The food was delicious' }),
      line('two', { model: 'text-embedding-3-small', input: ['a', 'bcd'], user: 'u', encoding_format: 'float' }),
    ]);
    expect(errors).toEqual([]);
    expect(customIds).toEqual(['one', 'two']);
    expect(outputs).toEqual(['[22,0.5]', '[[1,0.5],[3,0.5]]']);
  });

  it('is answered in Base64 where it asks for that', async () => {
    const { outputs } = await run([line('one', { input: 'abc', encoding_format: 'base64' })]);
    const bytes = Buffer.from(JSON.parse(outputs[0]!) as string, 'base64');
    expect([bytes.readFloatLE(0), bytes.readFloatLE(4), bytes.length]).toEqual([3, 0.5, 8]);
  });

  it.each([
    ['another endpoint', { url: '/v1/chat/completions' }, 'url: the task text_embedding answers "/v1/embeddings"'],
    ['a URL that is no text', { url: 7 }, 'url: the task text_embedding answers "/v1/embeddings", received 7'],
    ['another method', { method: 'GET' }, 'method: expected "POST", received "GET"'],
    ['token ids', { body: { input: [1, 2] } }, 'body.input: token ids are not taken'],
    ['lists of token ids', { body: { input: [[1], [2]] } }, 'body.input: token ids are not taken'],
    ['an empty text', { body: { input: '' } }, 'body.input: expected a text that is not empty'],
    ['an empty text in a list', { body: { input: ['a', ''] } }, 'body.input[1]: expected a text that is not empty'],
    ['an empty list', { body: { input: [] } }, 'body.input: expected at least one text'],
    ['more texts than OpenAI takes', { body: { input: Array.from({ length: 2049 }, () => 'a') } }, 'body.input: '],
    ['no input', { body: { model: 'm' } }, 'body.input: '],
    ['a body that is no object', { body: 'text' }, 'body: expected object, received "text"'],
    ['an option that nobody knows', { body: { input: 'a', truncate: 1 } }, 'body: unknown key "truncate"'],
    [
      'an encoding that nobody knows',
      { body: { input: 'a', encoding_format: 'hex' } },
      'body.encoding_format: expected',
    ],
    ['other dimensions than the model has', { body: { input: 'a', dimensions: 256 } }, 'body.dimensions: the model’s'],
    ['a text that the model can’t take', { body: { input: ['a', 'bad'] } }, 'body.input[1]: bad text'],
  ])('with %s is one bad row', async (_what, parts, message) => {
    const rows = [
      line('good', { input: 'abc' }),
      JSON.stringify({ custom_id: 'x', url, body: { input: 'a' }, ...parts }),
    ];
    const { outputs, errors, customIds } = await run(rows);
    expect(outputs).toEqual(['[3,0.5]', null]);
    expect(customIds).toEqual(['good', 'x']);
    expect(errors).toMatchObject([{ at: 1, code: 'InvalidArgument' }]);
    expect(errors[0]?.message.replace("'", '’')).toContain(message);
  });

  it('takes the dimensions that the model has', async () => {
    expect(await run([line('one', { input: 'abc', dimensions: 2 })])).toMatchObject({
      outputs: ['[3,0.5]'],
      errors: [],
    });
  });

  it('is no line for a task that answers no endpoint', async () => {
    const { errors } = await run([line('x', { text: 'a' })], { task: 'text_classification' });
    expect(errors).toMatchObject([{ message: expect.stringContaining('answers no endpoint of OpenAI') as string }]);
  });

  it('is its body for a task whose shapes only its model knows', async () => {
    const { outputs } = await run([line('x', { messages: [] }, '/v1/chat/completions')], { task: { custom: 'chat' } });
    expect(outputs).toEqual(['{"messages":[]}']);
  });
});

describe('answers in OpenAI’s form', () => {
  it('are bodies of the type that the openai package declares', async () => {
    const rows = [line('one', { input: ['abc', 'a'] }), '{"custom_id":"two","input":"ab"}'];
    const { outputs } = await run(rows, { form: 'openai' });
    const [first, second] = outputs.map((text) => JSON.parse(text!) as Omit<OpenAI.CreateEmbeddingResponse, 'usage'>);
    const expected: Omit<OpenAI.CreateEmbeddingResponse, 'usage'> = {
      object: 'list',
      data: [
        { object: 'embedding', index: 0, embedding: [3, 0.5] },
        { object: 'embedding', index: 1, embedding: [1, 0.5] },
      ],
      model: 'a "model"',
    };
    expect(first).toEqual(expected);
    expect(second?.data).toEqual([{ object: 'embedding', index: 0, embedding: [2, 0.5] }]);
  });

  it('say how many tokens were used, where the runtime counts them', async () => {
    const rows = [line('one', { input: ['abc', 'a'] }), '{"custom_id":"two","input":"ab"}'];
    const { outputs } = await run(rows, { form: 'openai', most: 100 });
    const usages = outputs.map((text) => (JSON.parse(text!) as OpenAI.CreateEmbeddingResponse).usage);
    const expected: OpenAI.CreateEmbeddingResponse.Usage[] = [
      { prompt_tokens: 4, total_tokens: 4 },
      { prompt_tokens: 2, total_tokens: 2 },
    ];
    expect(usages).toEqual(expected);
  });

  it('refuse a text with more tokens than the model takes, unless the request says what becomes of it', async () => {
    const rows = [
      line('one', { input: ['ab', 'abcd'] }),
      '{"custom_id":"two","input":"abcde"}',
      line('x', { input: 'a' }),
    ];
    const { outputs, errors } = await run(rows, { form: 'openai', most: 3 });
    expect(outputs.map((text) => text !== null)).toEqual([false, false, true]);
    expect(errors.map(({ code, message }) => `${code} ${message}`)).toEqual([
      expect.stringMatching(
        /^InvalidArgument body\.input\[1\]: This model's maximum context length is 3 tokens, however you requested 4 /,
      ),
      expect.stringMatching(
        /^InvalidArgument This model's maximum context length is 3 tokens, however you requested 5 /,
      ),
    ]);
    expect((await run(rows.slice(0, 1), { most: 3 })).errors).toHaveLength(1);
    const cut = await run(rows, { form: 'openai', most: 3, parameters: { truncation: 'cut' } });
    expect(cut.errors).toEqual([]);
    expect((await run(['"abcde"'], { most: 3 })).errors).toEqual([]);
  });

  it('need rows with a name, and vectors', async () => {
    const rows = ['"no name"', '{"custom_id":"x","input":"odd"}'];
    const { outputs, errors } = await run(rows, { form: 'openai' });
    expect(outputs).toEqual([null, null]);
    expect(errors.map(({ message }) => message)).toEqual([
      "custom_id: missing, and outputs in OpenAI's form are known by it",
      'the output is no vector of numbers',
    ]);
  });
});

function line(customId: string, body: object, to = url): string {
  return JSON.stringify({ custom_id: customId, method: 'POST', url: to, body });
}

interface Wishes {
  task?: ModelTask;
  form?: 'json' | 'openai';
  /** Counts tokens, a letter each, and cuts texts with more than these. */
  most?: number;
  parameters?: Record<string, string>;
}

/** A model whose vectors say how long a text is. */
function run(rows: string[], { task = 'text_embedding', form = 'json', most, parameters = {} }: Wishes = {}) {
  const call = { rows, indices: rows.map((_, at) => at), named: true, parameters, folder: '/', form };
  const model = {
    run: (inputs: readonly unknown[], options: RunOptions) => {
      const texts = most === undefined ? [] : inputs.map(String);
      for (const [at, { length: tokens }] of texts.entries()) {
        options.countTokens?.(at, Math.min(tokens, most ?? 0));
        if (tokens > (most ?? 0)) options.annotate?.(at, { truncated: { tokens, kept: most ?? 0 } });
      }
      return Promise.resolve(inputs.map(vectorOf));
    },
    dispose: () => Promise.resolve(),
  };
  const hosted = { spec: { name: 'a "model"', task }, model, check: inputCheckFor(task, createPathGuard([])) };
  return runCall(hosted as Parameters<typeof runCall>[0], call, new AbortController().signal);
}

function vectorOf(input: unknown) {
  if (typeof input !== 'string') return input;
  if (input === 'bad') return Object.assign(new Error('bad text'), badText);
  return input === 'odd' ? { odd: true } : Float32Array.of(input.length, 0.5);
}

const badText = { name: 'ModelJobError', code: 'InvalidArgument', detail: 'bad text' };
