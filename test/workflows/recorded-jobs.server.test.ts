import { readFileSync } from 'node:fs';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/activity';
import { describe, expect, it } from 'vitest';
import {
  eventsMemo,
  jobKinds,
  parseModelAccessJobRequest,
  planJob,
  snapshotOf,
  type JobEvent,
  type JobEventKind,
  type JobSnapshot,
  type ModelAccessJobRequest,
  type ModelAccessJobResult,
} from '../../planner/index.js';
import { fakeActivities } from '../helpers/fake-activities.js';
import { connectTemporal } from '../helpers/temporal.js';

interface Recorded {
  case: { request: ModelAccessJobRequest };
  ok?: { error: string | null; events: JobEvent[]; result: ModelAccessJobResult | null; snapshot: JobSnapshot };
}

const path = new URL('../fixtures/vectors/jobs.jsonl', import.meta.url);
const recorded = readFileSync(path, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded);

/** Where DESIGN departs from the crate on purpose: a missing bundle is not valid. */
const departures = ['MaterializeBundle'];

const temporal = await connectTemporal();

describe('the record of a job equals the crate’s', () => {
  const cases = recorded.flatMap(({ case: { request }, ok }, index) =>
    ok && !departures.includes(request.kind) ? [{ request, ok, index, kind: request.kind }] : [],
  );

  it.each(cases)('in recorded run $index, a $kind', async ({ request, ok, index }) => {
    const workflowId = `recorded-${index}-${temporal.taskQueue}`;
    const { workflowType } = jobKinds[request.kind];
    const activities = fakeActivities(ok.error);
    const { result, failure, events } = await temporal.withWorker(activities, async () => {
      const handle = await temporal.client.workflow.start(workflowType, {
        taskQueue: temporal.taskQueue,
        workflowId,
        args: [request],
      });
      const outcome = await handle.result().then(
        (value: unknown) => ({ result: value as ModelAccessJobResult, failure: undefined }),
        (error: unknown) => ({ result: undefined, failure: error }),
      );
      return { ...outcome, events: await handle.query<JobEvent[]>('events') };
    });
    const description = await temporal.client.workflow.getHandle(workflowId).describe();
    expect(description.memo?.[eventsMemo]).toEqual(events);

    const jobId = ok.snapshot.spec.id;
    const renamed = events.map((event) => ({ ...event, job_id: jobId }));
    expect(without(renamed)).toEqual(expect.arrayContaining(without(ok.events)));
    const spec = planJob(parseModelAccessJobRequest({ ...request, id: jobId }));
    const snapshot = withoutTimes(snapshotOf(spec, renamed)) as JobSnapshot;
    const expected = withoutTimes(ok.snapshot) as JobSnapshot;
    expect({ ...snapshot, artifacts: [] }).toEqual({ ...expected, artifacts: [] });
    expect(snapshot.artifacts).toEqual(expect.arrayContaining(expected.artifacts));
    if (ok.result) expect({ ...result, jobId }).toMatchObject({ ...ok.result, artifacts: expect.anything() as never });
    else {
      expect(failure).toBeInstanceOf(WorkflowFailedError);
      const { cause } = failure as WorkflowFailedError;
      expect(cause).toBeInstanceOf(ApplicationFailure);
      expect((cause as ApplicationFailure).message).toBe(ok.snapshot.failure?.message);
      const [details] = (cause as ApplicationFailure).details as [{ message: string }];
      expect(details.message).toBe(ok.error);
    }
  });
});

function without(events: readonly JobEvent[]): JobEventKind[] {
  return events.map(({ kind }) => withoutTimes(kind) as JobEventKind);
}

function withoutTimes(value: unknown): unknown {
  const times = ['timestamp', 'created_at', 'started_at', 'finished_at'];
  return JSON.parse(JSON.stringify(value), (key, inner: unknown) => (times.includes(key) ? '<time>' : inner));
}
