import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ModelJobError } from '../../../../planner/index.js';
import { runtime } from '../../../../engine/runtimes/onnx/runtime.js';
import { temporaryFolder } from '../../../helpers/activity.js';
import { loadRequest } from '../../../helpers/onnx-model.js';
import { encodeGraph, node, tensor } from '../../../models/graph.js';
import { writeModel } from '../../../models/index.js';

const references = fileURLToPath(new URL('../../../fixtures/references/', import.meta.url));

const pixels = tensor('input.1', 'float32', [10, 3, 32, 32]);

describe('face detection', () => {
  it('finds faces in pictures of any size, the likeliest first, and gives the error of a broken one at its place', async () => {
    const folder = await temporaryFolder();
    await cp(join(references, 'tasks/models/face-detection'), folder, { recursive: true });
    const model = await runtime.load(loadRequest('face_detection', folder));
    const { signal } = new AbortController();
    const options = { parameters: { threshold: 0.4 }, folder, addFile: () => undefined, signal };
    const [found, broken] = await model.run([join(references, 'images/face.jpg'), join(folder, 'model.onnx')], options);
    const faces = found as unknown as { label: string; score: number; points: unknown[] }[];
    expect(faces.length).toBeGreaterThan(3);
    expect(faces.map(({ score }) => score)).toEqual(faces.map(({ score }) => score).sort((a, b) => b - a));
    expect(faces[0]).toMatchObject({ label: 'face', box: { xmin: expect.any(Number) as number } });
    expect(faces[0]?.points).toHaveLength(5);
    expect(broken).toBeInstanceOf(ModelJobError);
    await model.dispose();
  });

  it('is not served for a network of other outputs', async () => {
    const folder = await temporaryFolder();
    const graph = encodeGraph({
      nodes: [node('Relu', ['input.1'], ['537'])],
      constants: [],
      inputs: [pixels],
      outputs: [tensor('537', 'float32', [10, 3, 32, 32])],
    });
    await writeModel({ 'model.onnx': graph }, folder);
    await expect(runtime.load(loadRequest('face_detection', folder))).rejects.toMatchObject({
      code: 'InvalidArgument',
      message: expect.stringContaining('face_detection is served for CenterFace') as string,
    });
  });
});
