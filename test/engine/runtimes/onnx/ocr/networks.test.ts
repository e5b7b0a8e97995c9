import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { readTexts } from '../../../../../engine/runtimes/onnx/ocr/read-texts.js';
import { readLines, turnUpright } from '../../../../../engine/runtimes/onnx/ocr/text-lines.js';

const line = { width: 96, height: 48, data: new Uint8ClampedArray(96 * 48 * 3) };

const letters = ['', 'a', 'b', ' '];

/** A network that gives this, whatever it sees. */
function giving(output: Tensor): InferenceSession {
  return { inputNames: ['x'], outputNames: ['y'], run: () => ({ y: output }) } as unknown as InferenceSession;
}

function floats(dims: number[], ...values: number[]): Tensor {
  return new Tensor('float32', Float32Array.from(values), dims);
}

const ending = (text: string) => expect.stringContaining(text) as string;

describe('a line of text', () => {
  it('is read by the likeliest letters, whether or not the network knows the space', async () => {
    const four = giving(floats([1, 2, 4], 0, 1, 0, 0, 0, 0, 0.5, 0));
    expect(await readLines([line], four, letters)).toEqual([{ text: 'ab', score: 0.75 }]);
    const three = giving(floats([1, 2, 3], 0, 1, 0, 0, 0, 0.5));
    expect(await readLines([line], three, letters)).toEqual([{ text: 'ab', score: 0.75 }]);
  });

  it('is read from halves too', async () => {
    const halves = giving(new Tensor('float16', Uint16Array.of(0, 0x3c00, 0, 0), [1, 1, 4]));
    expect(await readLines([line], halves, letters)).toEqual([{ text: 'a', score: 1 }]);
  });

  it.each([2, 5])('is an error where the network has %i classes, and the list another number', async (classes) => {
    const network = giving(floats([1, 1, classes], ...new Array<number>(classes).fill(0.5)));
    await expect(readLines([line], network, letters)).rejects.toMatchObject({
      code: 'Failed',
      message: ending(`the recognition has ${classes} classes, but its list of letters makes 4 with blank and space`),
    });
  });

  it('is an error where a network gives no number', async () => {
    const failure = { code: 'Failed', message: ending('the model gives NaN') };
    await expect(readLines([line], giving(floats([1, 1, 4], NaN, 0, 0, 0)), letters)).rejects.toMatchObject(failure);
    await expect(turnUpright([line], giving(floats([1, 2], 0, NaN)))).rejects.toMatchObject(failure);
  });
});

describe('places of texts', () => {
  const find = (output: Tensor) => {
    const reader = { detection: giving(output), direction: undefined, recognition: giving(floats([0])), letters };
    return readTexts(line, reader, { threshold: 0.3, boxThreshold: 0.5, unclipRatio: 1.6 });
  };

  it('are none on an empty map', async () => {
    expect(await find(floats([1, 1, 2, 2], 0, 0, 0, 0))).toEqual([]);
  });

  it.each([
    ['the model gives NaN', floats([1, 1, 2, 2], NaN, 0, 0, 0)],
    ['the detection gives [1, 4], and no map', floats([1, 4], 0, 0, 0, 0)],
  ])('are an error: %s', async (message, output) => {
    await expect(find(output)).rejects.toMatchObject({ code: 'Failed', message: ending(message) });
  });
});
