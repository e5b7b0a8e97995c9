import { expect, test } from 'vitest';
import { acceptRequest, kindWords, uiTexts } from '../../../client/jobs/start-options.js';
import { parseModelAccessJobRequest, type ModelAccessJobRequestInput } from '../../../planner/index.js';

const request: ModelAccessJobRequestInput = {
  kind: 'Download',
  backend: 'onnx',
  spec: {
    name: 'demo/afinn-sentiment',
    task: 'text_classification',
    source: { kind: 'hugging_face', repo_id: 'demo/afinn-sentiment', revision: 'main' },
    files: [{ required: 'config.json' }],
  },
};

test('a request that may be started has the id that the planner gives it', () => {
  expect(acceptRequest(request).spec.id).toBe('model-download-demo_afinn-sentiment-main');
});

test('every problem of a request is listed by its path', () => {
  const bad = { ...request, kind: 'Downlod', spec: { ...request.spec, files: [{ required: 1 }] }, options: { x: 1 } };
  expect(() => acceptRequest(bad)).toThrow(
    expect.objectContaining({
      code: 'InvalidArgument',
      problems: [
        expect.objectContaining({ path: 'kind' }),
        expect.objectContaining({ path: 'spec.files[0].required' }),
        expect.objectContaining({ path: 'options' }),
      ],
    }),
  );
});

test('a request that the planner refuses is refused', () => {
  const files = [{ required: '../secret' }];
  expect(() => acceptRequest({ ...request, spec: { ...request.spec, files } })).toThrow(/must be a relative file path/);
});

test('a request over one mebibyte is refused with the advice to pass a file', () => {
  const inputs = [{ kind: 'json' as const, value: 'é'.repeat(600_000) }];
  expect(() => acceptRequest({ ...request, inputs })).toThrow(
    expect.objectContaining({ code: 'ResourceLimit', message: expect.stringContaining('localPath') as string }),
  );
});

test('a job is readable in the Web UI', () => {
  const { staticSummary, staticDetails } = uiTexts(parseModelAccessJobRequest(request));
  expect(staticSummary).toBe('Download demo/afinn-sentiment@main');
  expect(staticDetails.split('\n')).toEqual([
    '- Kind: Download (`model-download`)',
    '- Model: `demo/afinn-sentiment`, `text_classification`',
    '- Source: `hugging_face demo/afinn-sentiment@main`',
    '- Backend: `onnx`',
    '- Files requested: 1',
    '- Inputs: 0',
  ]);
});

test('a summary stays one line within what Temporal takes, whatever the name', () => {
  const name = '模\n'.repeat(5000);
  const { staticSummary, staticDetails } = uiTexts(
    parseModelAccessJobRequest({ ...request, spec: { ...request.spec, name } }),
  );
  expect(staticSummary).not.toContain('\n');
  expect(Buffer.byteLength(staticSummary)).toBeLessThan(400);
  expect(staticDetails.split('\n')).toHaveLength(6);
});

test('kinds are written as words', () => {
  expect([kindWords('MaterializeBundle'), kindWords('Warmup')]).toEqual(['Materialize bundle', 'Warmup']);
});
