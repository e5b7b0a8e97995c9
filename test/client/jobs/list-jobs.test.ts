import { expect, test } from 'vitest';
import { listQuery } from '../../../client/jobs/list-jobs.js';

test('a list without a filter asks for every kind, but not for runs whose job goes on in another run', () => {
  const query = listQuery({});
  expect(query.match(/'model\w+'/g)).toHaveLength(7);
  expect(query).toContain("ExecutionStatus != 'ContinuedAsNew'");
});

test('terminated and timed-out workflows are failed jobs', () => {
  expect(listQuery({ kind: 'Warmup', status: 'failed' })).toBe(
    "WorkflowType IN ('modelWarmup') AND ExecutionStatus IN ('Failed', 'Terminated', 'TimedOut')",
  );
});

test('a schedule is asked for by its id, as it is', () => {
  expect(listQuery({ schedule: "it's" })).toMatch(/ AND TemporalScheduledById = 'it\\'s'$/);
});
