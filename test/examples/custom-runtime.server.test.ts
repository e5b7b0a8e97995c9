import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { openEndToEnd } from '../helpers/end-to-end.js';

const example = fileURLToPath(new URL('../../examples/custom-runtime', import.meta.url));

const box = await openEndToEnd({ MODEL_JOBS_RUNTIMES: `keywords=${join(example, 'keywords.js')}` });
let request: { inputs: object[] };
beforeAll(async () => {
  // The request's paths are those of a checkout, and so is the worker's folder.
  await cp(example, join(box.folder, 'examples', 'custom-runtime'), { recursive: true });
  request = JSON.parse(await readFile(join(example, 'request.json'), 'utf8')) as typeof request;
  await box.startWorker();
});

describe('the example of a runtime of one’s own', () => {
  it('answers the request beside it', async () => {
    const { output } = await box.run(request);
    expect(output).toMatchObject({
      inputCount: 3,
      outputs: [{ label: 'billing' }, { label: 'delivery' }, { label: 'other', score: 0 }],
    });
  });

  it('is warmed up like any other, and runs a batch', async () => {
    expect((await box.run({ ...request, kind: 'Warmup' })).output).toMatchObject({ warmed: true });
    const { output } = await box.run({ ...request, kind: 'BatchInference' });
    expect(output).toMatchObject({ inputCount: 3, succeeded: 3, failed: 0 });
  });

  it('says which tasks it serves', async () => {
    const ocr = { ...request, spec: { ...(request as { spec?: object }).spec, task: { custom: 'other' } } };
    const { exitCode, stdout } = await box.cli('run', { ...ocr, id: 'other-task' }, '--json');
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'MissingDependency' } });
  });

  it('is about thirty lines, of public exports only', async () => {
    const source = await readFile(join(example, 'keywords.js'), 'utf8');
    const code = source.split('\n').filter((line) => line.trim() !== '' && !/^\s*(?:\/?\*|\/\/)/.test(line));
    expect(code.length).toBeLessThanOrEqual(32);
    const imported = Array.from(source.matchAll(/from '([^']+)'/g), ([, name]) => name);
    expect(imported).toEqual(['node:fs/promises', 'node:path', 'model-jobs/runtime']);
  });
});
