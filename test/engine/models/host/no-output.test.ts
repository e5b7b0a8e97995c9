import { describe, expect, it } from 'vitest';
import { linesOfRows } from '../../../../engine/datasets/run/row-lines.js';
import { runCall } from '../../../../engine/models/host/run-call.js';
import type { RowsOutcome } from '../../../../engine/models/use/run-rows.js';

describe('a row without an output', () => {
  it('has failed, where its runtime gave undefined; null is an output', async () => {
    const model = { run: () => Promise.resolve([null, undefined, 1]), dispose: () => Promise.resolve() };
    const spec = { name: 'model', task: 'text_classification' };
    const hosted = { spec, model, check: (input: unknown) => Promise.resolve(input) };
    const rows = ['"a"', '"b"', '"c"'];
    const call = { rows, indices: [0, 1, 2], named: true, parameters: {}, folder: '/', form: 'json' as const };
    const { signal } = new AbortController();
    expect(await runCall(hosted as unknown as Parameters<typeof runCall>[0], call, signal)).toMatchObject({
      outputs: ['null', null, '1'],
      errors: [{ at: 1, code: 'Failed', message: 'the runtime gave no output' }],
    });
  });

  it('is never written as one that succeeded', () => {
    const lineOf = (output: string | null) => {
      const outcome: RowsOutcome = {
        outputs: [output],
        errors: [],
        customIds: [],
        vectors: [],
        files: [],
        metadata: new Map(),
      };
      const rows = [{ text: '"a"', file: '/in.jsonl', place: 1 }];
      return linesOfRows({ rows, indexOf: () => 7, keep: undefined }, outcome);
    };
    expect(lineOf('null')).toEqual(['{"index":7,"output":null}']);
    expect(() => lineOf(null)).toThrow('row 7 has neither an output nor an error');
  });
});
