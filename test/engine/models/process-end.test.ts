import { describe, expect, it } from 'vitest';
import { endOf, explainedEnd } from '../../../engine/models/pool/process-end.js';

const unwatched = { over: undefined };

describe('the end of a model’s process', () => {
  it.each([
    [3, null, 'ended (exit code 3)'],
    [null, 'SIGSEGV', 'ended (SIGSEGV)'],
    [null, 'SIGKILL', 'ended (SIGKILL)'],
    [null, 'SIGABRT', 'ended (SIGABRT, perhaps out of memory)'],
  ] as const)('by exit code %s and signal %s is a crash that %s', (code, signal, did) => {
    expect(endOf({ code, signal }, unwatched)).toEqual({ loss: 'Crashed', did });
  });

  it('by the watch names what it took, what others took and what there is', () => {
    const over = { bytes: 250e6, totalBytes: 320e6, limitBytes: 300e6 };
    const { loss, did, because, memoryBytes } = endOf({ code: null, signal: 'SIGKILL' }, { over });
    expect({ loss, memoryBytes }).toEqual({ loss: 'ResourceLimit', memoryBytes: 250e6 });
    expect(did).toBe('took 250 MB of memory, beside 70 MB of other models,');
    expect(because).toMatch(/^ and was ended: this worker's models may take 300 MB; .*MODEL_JOBS_MODEL_MEMORY_MB$/);
  });

  it.each([
    'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    "terminate called after throwing an instance of 'std::bad_alloc'",
  ])('after the words “%s” is for lack of memory', (line) => {
    const end = endOf({ code: null, signal: 'SIGABRT' }, unwatched);
    expect(explainedEnd(end, ['loading', line]).loss).toBe('ResourceLimit');
    expect(explainedEnd(end, ['loading']).loss).toBe('Crashed');
  });
});
