import { describe, expect, it } from 'vitest';
import { runtime } from '../../../../engine/runtimes/heuristic/runtime.js';
import { taskDefinition } from '../../../../engine/models/tasks/index.js';
import { heuristicTasks, ModelJobError } from '../../../../planner/index.js';
import { temporaryFolder } from '../../../helpers/activity.js';
import { loadRequest, runOnce, runOptions } from '../../../helpers/runtime.js';

describe('the heuristic runtime', () => {
  it.each(heuristicTasks)('takes the sample of %s and answers in its shape', async (task) => {
    const definition = taskDefinition(task);
    const [output] = await runOnce(runtime, task, [await definition.sample(await temporaryFolder())]);
    const plain = output instanceof Float32Array ? Array.from(output) : output;
    expect(definition.output.safeParse(plain)).toMatchObject({ success: true });
  });

  it('names the tasks that it has when asked for another', async () => {
    await expect(runtime.load(loadRequest('ocr'))).rejects.toMatchObject({
      code: 'MissingDependency',
      detail: expect.stringMatching(/`ocr`.*text_classification, .*reranking/) as string,
    });
    await expect(runtime.load(loadRequest({ custom: 'mine' }))).rejects.toThrow('`mine`');
  });

  it('answers a bad input with its own error', async () => {
    const [good, bad, also] = await runOnce(runtime, 'text_classification', ['good', 7, 'bad']);
    expect(good).toMatchObject({ label: 'POSITIVE' });
    expect(bad).toBeInstanceOf(ModelJobError);
    expect(bad).toMatchObject({ code: 'InvalidArgument', detail: expect.stringContaining('received 7') as string });
    expect(also).toMatchObject({ label: 'NEGATIVE' });
  });

  it.each([
    ['text_classification', { top_k: 0 }, 'top_k'],
    ['text_embedding', { dimensions: 3 }, 'dimensions'],
    ['summarization', { sentences: 'all' }, 'sentences'],
  ] as const)('refuses a bad parameter of %s for the whole batch', async (task, parameters, name) => {
    await expect(runOnce(runtime, task, ['text'], parameters)).rejects.toMatchObject({
      code: 'InvalidArgument',
      problems: [{ path: name }],
    });
  });

  it('leaves parameters of the model that it stands in for alone', async () => {
    const [output] = await runOnce(runtime, 'text_embedding', ['text'], { pooling: 'cls', normalize: false });
    expect(output).toHaveLength(384);
  });

  it('stops between inputs when it is cancelled', async () => {
    const model = await runtime.load(loadRequest('text_classification'));
    const run = model.run(['a', 'b'], runOptions({ signal: AbortSignal.abort(new Error('enough')) }));
    await expect(run).rejects.toThrow('enough');
  });
});
