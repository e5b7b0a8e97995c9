import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { comparableData } from '../float-data.js';
import { outputNamed } from '../outputs.js';

/**
 * What a network of PP-OCR gives for pictures: its first output.
 *
 * @param dims of the pixels: pictures, colors, height, width
 * @throws ModelJobError `Failed` for a NaN or an infinity
 */
export async function runNetwork(network: InferenceSession, pixels: Float32Array, dims: readonly number[]) {
  const [input = '', output = ''] = [network.inputNames[0], network.outputNames[0]];
  const outputs = await network.run({ [input]: new Tensor('float32', pixels, dims) });
  const found = outputNamed(outputs, output);
  return { data: comparableData(found), dims: found.dims };
}
