import { describe, expect, it } from 'vitest';
import {
  addCounts,
  batchDiagnostics,
  batchMessage,
  countRows,
  countsBeyond,
  countsMetadata,
  failureBeyond,
  hasNoSuccess,
  judgeBatchEnd,
  readBatchMetadata,
} from '../../planner/index.js';

describe('the end of a batch', () => {
  it('holds every row that was read, or is an error', () => {
    expect(() => judgeBatchEnd(10, { succeeded: 7, failed: 3 })).not.toThrow();
    expect(() => judgeBatchEnd(10, { succeeded: 7, failed: 2 })).toThrow(
      /10 rows were read, and 7 succeeded and 2 failed/,
    );
  });

  it('says so when no row has succeeded', () => {
    expect(batchDiagnostics({ succeeded: 0, failed: 4 })).toMatchObject([
      { severity: 'error', message: expect.stringContaining('all 4 rows') as string },
    ]);
    expect(batchDiagnostics({ succeeded: 1, failed: 4 })).toEqual([]);
    expect(batchDiagnostics({ succeeded: 0, failed: 0 })).toEqual([]);
  });

  it('is no success for the command line when no row has succeeded', () => {
    expect(hasNoSuccess({ succeeded: 0, failed: 4 })).toBe(true);
    expect(hasNoSuccess({ succeeded: 2, failed: 4 })).toBe(false);
    expect(hasNoSuccess({ outputs: [] })).toBe(false);
    expect(hasNoSuccess(null)).toBe(false);
  });
});

describe('the rows of a batch that failed', () => {
  it('are counted by their codes, shard by shard', () => {
    const one = countRows(10, ['Crashed', 'InvalidArgument', 'Crashed']);
    expect(one).toEqual({ succeeded: 7, failed: 3, failedByCode: { Crashed: 2, InvalidArgument: 1 } });
    const both = addCounts(one, countRows(5, ['TimedOut']));
    expect(both).toEqual({ succeeded: 11, failed: 4, failedByCode: { Crashed: 2, InvalidArgument: 1, TimedOut: 1 } });
    expect(countsBeyond(both, one)).toEqual({ succeeded: 4, failed: 1, failedByCode: { TimedOut: 1 } });
    expect(countsBeyond(one, one)).toEqual({ succeeded: 0, failed: 0 });
    expect(batchMessage('running', one)).toBe('7 succeeded, 3 failed (2 Crashed, 1 InvalidArgument)');
  });

  it('stand by their codes in what is known live of it', () => {
    const counts = countRows(4, ['Crashed']);
    const metadata = { 'batch.phase': 'running', ...countsMetadata(counts) };
    expect(metadata).toMatchObject({ 'batch.failed': '1', 'batch.failed.Crashed': '1' });
    expect(readBatchMetadata(metadata)).toEqual({ phase: 'running', ...counts });
  });

  it('may be so many, or a share of all', () => {
    const output = { inputCount: 200, succeeded: 197, failed: 3 };
    expect(failureBeyond(output, { rows: 3 })).toBeUndefined();
    expect(failureBeyond(output, { rows: 0 })).toBe('3 of 200 rows failed');
    expect(failureBeyond(output, { share: 0.015 })).toBeUndefined();
    expect(failureBeyond(output, { share: 0.01 })).toBe('3 of 200 rows failed');
    expect(failureBeyond({ outputs: [] }, { rows: 0 })).toBeUndefined();
  });
});
