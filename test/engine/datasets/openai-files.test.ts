import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OpenAI } from 'openai';
import { describe, expect, it } from 'vitest';
import { mergeShards } from '../../../engine/datasets/rows-out/merge-shards.js';
import { parseModelAccessJobRequest } from '../../../planner/index.js';
import { temporaryFolder } from '../../helpers/activity.js';

/** A line of OpenAI's output and error files: their reference's `request-output`, which the package does not declare. */
interface BatchRequestOutput<Body> {
  id: string;
  custom_id: string | null;
  response: { status_code: number; request_id: string; body: Body } | null;
  error: { code: string; message: string } | null;
}

type Answer = BatchRequestOutput<Omit<OpenAI.CreateEmbeddingResponse, 'usage'>>;
type Refusal = BatchRequestOutput<{ error: OpenAI.ErrorObject }>;

const body = '{"object":"list","data":[{"object":"embedding","index":0,"embedding":[1e-7,0.25]}],"model":"m"}';
const id = '\\","output":{"error":';

describe('files in OpenAI’s form', () => {
  it('hold the answers as they are, by custom_id', async () => {
    const { outputs } = await merged([
      `{"index":0,"custom_id":"one","output":${body}}`,
      `{"index":1,"custom_id":${JSON.stringify(id)},"output":${body}}`,
    ]);
    const lines = outputs.map((line) => JSON.parse(line) as Answer);
    expect(lines.map(({ custom_id }) => custom_id)).toEqual(['one', id]);
    expect(lines[0]).toEqual({
      id: expect.stringMatching(/^batch_req_[0-9a-f]{12}_0$/) as string,
      custom_id: 'one',
      response: {
        status_code: 200,
        request_id: expect.stringMatching(/^req_/) as string,
        body: JSON.parse(body) as object,
      },
      error: null,
    });
    expect(outputs[0]).toContain(body);
    expect(new Set(lines.flatMap(({ id, response }) => [id, response?.request_id])).size).toBe(4);
  });

  it('say what a service says to a bad request, and tell of other failures beside it', async () => {
    const { errors } = await merged([
      '{"index":0,"error":{"code":"InvalidArgument","message":"body.input: bad"},"custom_id":"x","source":"/a:1"}',
      '{"index":1,"error":{"code":"Failed","message":"boom"}}',
      '{"index":2,"error":{"code":"NotFound","message":"gone"},"custom_id":"y"}',
    ]);
    const [bad, failed, missing] = errors.map((line) => JSON.parse(line) as Refusal);
    const error = { message: 'body.input: bad', type: 'invalid_request_error', param: null, code: 'InvalidArgument' };
    expect(bad).toMatchObject({ custom_id: 'x', response: { status_code: 400, body: { error } }, error: null });
    expect(failed).toMatchObject({ custom_id: null, response: null, error: { code: 'Failed', message: 'boom' } });
    expect(missing?.response?.status_code).toBe(404);
    for (const line of [bad, failed, missing]) {
      expect(Object.keys(line!)).toEqual(['id', 'custom_id', 'response', 'error']);
    }
  });

  it('are the same whenever they are written', async () => {
    const box = await shardsOf([`{"index":0,"custom_id":"one","output":${body}}`]);
    expect(await box.merge()).toEqual(await box.merge());
  });

  it('are refused where a line has no place for an answer', async () => {
    await expect(merged(['{"index":0,"output":1}'])).rejects.toMatchObject({ code: 'IntegrityError' });
  });
});

describe('a request for outputs in OpenAI’s form', () => {
  it('is refused for a task that has no such form, and with columns to keep', () => {
    const of = (task: string, batch: object) => () =>
      parseModelAccessJobRequest({
        kind: 'BatchInference',
        backend: 'heuristic',
        spec: { name: 'm', task, source: { kind: 'local_path', path: '/m' }, files: [] },
        options: { batch: { outputFormat: 'openai', ...batch } },
      });
    expect(of('text_embedding', { keep: false })).not.toThrow();
    expect(of('text_classification', {})).toThrow(
      'options.batch.outputFormat: "openai" is served for the tasks text_embedding (/v1/embeddings), and this model\'s ' +
        'is text_classification, received "openai"',
    );
    expect(of('text_embedding', { keep: ['label'] })).toThrow('options.batch.keep: outputs in OpenAI');
  });
});

async function merged(lines: readonly string[]): Promise<{ outputs: string[]; errors: string[] }> {
  const box = await shardsOf(lines);
  await box.merge();
  return { outputs: await box.lines('output.jsonl'), errors: await box.lines('errors.jsonl') };
}

async function shardsOf(lines: readonly string[]) {
  const target = await temporaryFolder();
  const folder = join(target, 'batch');
  await mkdir(join(folder, 'shards'), { recursive: true });
  await writeFile(join(folder, 'shards/000000.jsonl'), lines.map((line) => `${line}\n`).join(''));
  const context = { signal: new AbortController().signal, report: () => undefined };
  return {
    merge: () => mergeShards({ folder, target, rows: [lines.length], format: 'openai' }, context),
    lines: async (name: string) => (await readFile(join(target, name), 'utf8')).split('\n').slice(0, -1),
  };
}
