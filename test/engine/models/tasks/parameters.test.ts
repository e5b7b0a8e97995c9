import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { graphParameters, readParameters, taskParameters } from '../../../../engine/models/tasks/parameters/index.js';
import { builtInRuntimes } from '../../../../engine/runtimes/index.js';
import { onnxModel } from '../../../helpers/onnx-model.js';

const tasks: [task: string, shape: Record<string, z.ZodType>][] = Object.entries(taskParameters);

describe('the parameters of a task', () => {
  it.each(tasks)('%s: a misspelt one is refused with the nearest that is known', (_task, shape) => {
    for (const name of Object.keys(shape)) {
      expect(() => readParameters(shape, { [name.slice(0, -1)]: 1 })).toThrow(
        expect.objectContaining({
          code: 'InvalidArgument',
          message: expect.stringMatching(
            new RegExp(`options\\.parameters\\.\\w+: unknown parameter, did you mean`),
          ) as string,
        }) as Error,
      );
    }
    const [first = ''] = Object.keys(shape);
    expect(() => readParameters(shape, { [`${first}s`]: 1 })).toThrow(`did you mean ${first}?`);
  });

  it.each(tasks)('%s: one of another type is refused with its value', (_task, shape) => {
    for (const name of Object.keys(shape)) {
      expect(() => readParameters(shape, { [name]: { a: 'map' } })).toThrow(
        new RegExp(`${name}.*received {"a":"map"}`),
      );
    }
  });

  it.each(tasks)('%s: each is described, and null is as good as absent', (_task, shape) => {
    for (const [name, schema] of Object.entries(shape)) {
      expect(schema.description, name).toBeTruthy();
      expect(() => readParameters(shape, { [name]: null })).not.toThrow();
    }
  });

  it('has the task’s own meaning of null where there is one', () => {
    expect(readParameters(taskParameters.text_classification, { top_k: null })).toMatchObject({ top_k: null });
    expect(readParameters(taskParameters.text_embedding, { normalize: null })).toMatchObject({ normalize: true });
  });

  it('names what is known where nothing is near', () => {
    expect(() => readParameters(graphParameters, { zzzzzzzz: 1 })).toThrow(
      'options.parameters.zzzzzzzz: unknown parameter; known are graph',
    );
    expect(() => readParameters({}, { any: 1 })).toThrow('options.parameters.any: unknown parameter; none are taken');
  });

  it.each([0, -1, 31])('has no windows of %d seconds for speech', (seconds) => {
    expect(() => readParameters(taskParameters.speech_recognition, { chunk_length_s: seconds })).toThrow(
      expect.objectContaining({
        code: 'InvalidArgument',
        message: expect.stringMatching(/options\.parameters .*chunk_length_s/) as string,
      }) as Error,
    );
  });

  it('wants a template with one place for the label', () => {
    const { zero_shot_classification: shape } = taskParameters;
    expect(() => readParameters(shape, { hypothesis_template: 'no place' })).toThrow('expected a text with one {}');
  });
});

describe('a backend', () => {
  it.each(['onnx', 'cpu', 'imported'])('%s knows the parameters of its tasks before it loads', (backend) => {
    const shape = builtInRuntimes[backend]?.parameters?.('text_embedding');
    expect(Object.keys(shape ?? {})).toContain('pooling');
    expect(Object.keys(builtInRuntimes[backend]?.parameters?.({ custom: 'any' }) ?? {})).toEqual(['graph']);
  });

  it('of predictions that were made elsewhere takes none for a task that has none', () => {
    const shape = builtInRuntimes['imported']!.parameters!('face_embedding')!;
    expect(readParameters(shape, {})).toEqual({});
    expect(() => readParameters(shape, { size: 3 })).toThrow('options.parameters.size: unknown parameter');
    const custom = builtInRuntimes['imported']!.parameters!({ custom: 'any' })!;
    expect(() => readParameters(custom, { grap: 'a.onnx' })).toThrow('did you mean graph?');
  });

  it('without a model takes only what it obeys', () => {
    const shape = builtInRuntimes['heuristic']!.parameters!('text_embedding')!;
    expect(readParameters(shape, { dimensions: 64 })).toEqual({ dimensions: 64 });
    expect(() => readParameters(shape, { dimension: 64 })).toThrow('did you mean dimensions?');
    expect(() => readParameters(shape, { pooling: 'cls' })).toThrow('options.parameters.pooling: unknown parameter');
    expect(builtInRuntimes['heuristic']!.parameters!('face_embedding')).toBeUndefined();
  });

  it('of models refuses them in a run as well', async () => {
    const { run } = await onnxModel('text_embedding');
    await expect(run(['a cat'], { poolin: 'cls' })).rejects.toMatchObject({
      code: 'InvalidArgument',
      message: expect.stringContaining('options.parameters.poolin: unknown parameter, did you mean pooling?') as string,
    });
  });
});
