import { describe, expect, it } from 'vitest';
import { runtime } from '../../../../engine/runtimes/onnx/runtime.js';
import { tensorsOutput } from '../../../../engine/models/tasks/tensors.js';
import type { JsonValue } from '../../../../planner/index.js';
import { temporaryFolder } from '../../../helpers/activity.js';
import { loadRequest, onnxModel } from '../../../helpers/onnx-model.js';
import { echoGraph, sumGraph } from '../../../models/sum.js';

const task = { custom: 'sum' };

describe('a graph of the caller’s own', () => {
  it('takes tensors as nested lists or in one list', async () => {
    const { run } = await onnxModel(task);
    const outputs = await run([
      {
        a: [
          [1, 2],
          [3, 4],
        ],
        b: { dims: [2, 2], data: [10, 20, 30, 40], type: 'float32' },
      },
    ]);
    expect(outputs).toEqual([{ sum: { dims: [2, 2], data: [11, 22, 33, 44], type: 'float32' } }]);
    tensorsOutput.parse(outputs[0]);
  });

  it('takes no rows', async () => {
    const { run } = await onnxModel(task);
    const none = { dims: [0, 2], data: [] };
    expect(await run([{ a: none, b: none }])).toEqual([{ sum: { dims: [0, 2], data: [], type: 'float32' } }]);
  });

  it.each<[element: Parameters<typeof echoGraph>[0], given: JsonValue[], back?: JsonValue[]]>([
    ['float32', [0.5, -2]],
    ['float64', [0.1, 1e300]],
    ['float16', [0.5, -2, 65504, 0.1], [0.5, -2, 65504, 0.0999755859375]],
    ['int8', [-128, 127]],
    ['uint8', [0, 255]],
    ['int16', [-32768, 32767]],
    ['uint16', [65535]],
    ['int32', [-2147483648]],
    ['uint32', [4294967295]],
    ['int64', [7, '-9223372036854775808', '12'], [7, '-9223372036854775808', 12]],
    ['uint64', ['18446744073709551615', 1]],
    ['bool', [true, false, 1], [true, false, true]],
    ['string', ['ä', '']],
  ])('keeps every digit of %s', async (element, given, back = given) => {
    const { run } = await onnxModel(task, echoGraph(element));
    expect(await run([{ given }])).toEqual([{ same: { dims: [given.length], data: back, type: element } }]);
  });

  it('gives null for what JSON has no number for', async () => {
    const { run } = await onnxModel(task);
    const [output] = await run([{ a: [[3e38, 1]], b: [[3e38, 1]] }]);
    expect(output).toMatchObject({ sum: { data: [null, 2] } });
  });

  it.each<[what: string, input: JsonValue, message: RegExp]>([
    ['an input that is missing', { a: [[1, 2]] }, /b: the graph needs this input/],
    ['an input that is unknown', { a: [[1, 2]], b: [[1, 2]], c: 1 }, /c: the graph has no such input, but a, b/],
    ['ragged lists', { a: [[1, 2], [3]], b: [[1, 2]] }, /a: expected lists of one length/],
    ['another shape', { a: [[1, 2, 3]], b: [[1, 2]] }, /a: expected the shape \[rows, 2\], received \[1, 3\]/],
    ['too few elements', { a: { dims: [2, 2], data: [1] }, b: [[1, 2]] }, /a: expected 4 elements/],
    ['another type', { a: { dims: [1, 2], data: [1, 2], type: 'int64' }, b: [[1, 2]] }, /expected elements of float32/],
    ['a text among numbers', { a: [[1, 'x']], b: [[1, 2]] }, /a\.data\[1\]: expected float32, received "x"/],
    ['no object', 'text', /expected record, received "text"/],
  ])('names %s, and runs the other inputs', async (_, input, message) => {
    const { run } = await onnxModel(task);
    const [bad, good] = await run([input, { a: [[1, 2]], b: [[1, 2]] }]);
    expect(bad).toMatchObject({ code: 'InvalidArgument', message: expect.stringMatching(message) as string });
    expect(good).toMatchObject({ sum: { data: [2, 4] } });
  });

  it.each<[element: 'int8' | 'int64', value: JsonValue]>([
    ['int8', 128],
    ['int8', 1.5],
    ['int64', '9223372036854775808'],
    ['int64', 2 ** 60],
  ])('refuses what an %s can’t hold: %j', async (element, value) => {
    const { run } = await onnxModel(task, echoGraph(element));
    expect(await run([{ given: [value] }])).toMatchObject([{ code: 'InvalidArgument' }]);
  });

  it('is the one that the parameters name where a bundle has several', async () => {
    const [{ 'model.onnx': sum }, { 'model.onnx': echo }] = [sumGraph(), echoGraph('float32')];
    const { run } = await onnxModel(task, { 'graphs/sum.onnx': sum!, 'graphs/echo.onnx': echo! });
    const inputs = [{ given: [1] }];
    expect(await run(inputs, { graph: 'graphs/echo.onnx' })).toMatchObject([{ same: { data: [1] } }]);
    for (const parameters of [{}, { graph: '../echo.onnx' }]) {
      await expect(run(inputs, parameters as Record<string, JsonValue>)).rejects.toMatchObject({
        code: 'InvalidArgument',
        message: expect.stringContaining('expected one of graphs/echo.onnx, graphs/sum.onnx') as string,
      });
    }
  });

  it('must be there, and be one', async () => {
    const folder = await temporaryFolder();
    await expect(runtime.load(loadRequest(task, folder))).rejects.toMatchObject({ code: 'NotFound' });
    await expect(onnxModel(task, { 'model.onnx': Buffer.from('no graph') })).rejects.toMatchObject({
      code: 'Failed',
      retryable: false,
      message: expect.stringContaining("can't be loaded") as string,
    });
  });
});
