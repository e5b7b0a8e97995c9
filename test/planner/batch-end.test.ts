import { describe, expect, it } from 'vitest';
import { batchDiagnostics, hasNoSuccess, judgeBatchEnd } from '../../planner/index.js';

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
