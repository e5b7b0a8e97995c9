import { expect, test } from 'vitest';
import { retryText } from '../../../../client/cli/render/retry.js';
import { retryMetadata, retryOf } from '../../../../planner/index.js';

const now = Date.parse('2026-01-01T00:00:10Z');

const retry = {
  step: 'downloadModel',
  attempt: 3,
  maxAttempts: 1000,
  failure: 'connect ECONNREFUSED\n127.0.0.1:9',
  nextAt: '2026-01-01T00:00:14Z',
  givesUpAt: '2026-01-01T00:10:00Z',
};

test('a step that waits for its next attempt tells which, when, until when and why', () => {
  expect(retryText(retry, now)).toBe(
    'downloadModel, attempt 3 of at most 1000 in 4 s, given up in 9 min 50 s: connect ECONNREFUSED 127.0.0.1:9',
  );
});

test('one whose worker died tells that', () => {
  expect(retryText({ step: 'runShard', attempt: 2 }, now)).toBe(
    'runShard, attempt 2: the attempt before ended without a word',
  );
});

test('a retry stands in the metadata of a snapshot, and is read back', () => {
  const metadata = retryMetadata(retry);
  expect(metadata).toMatchObject({ 'retry.attempt': '3', 'retry.next_at': '2026-01-01T00:00:14Z' });
  expect(retryOf(metadata)).toEqual(retry);
  expect(retryOf({ 'model.name': 'm' })).toBeUndefined();
});
