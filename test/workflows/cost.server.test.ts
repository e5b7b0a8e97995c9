import { mkdirSync, writeFileSync } from 'node:fs';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobKinds } from '../../planner/index.js';
import { scenarios } from '../helpers/scenarios.js';
import { connectTemporal, type TestTemporal } from '../helpers/temporal.js';

/** With MODEL_JOBS_SAVE_HISTORIES=1, what is run here is kept for the replay test. */
const save = process.env['MODEL_JOBS_SAVE_HISTORIES'] === '1';
const folder = new URL('../fixtures/histories/', import.meta.url);

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await connectTemporal();
});
afterAll(() => temporal.close());

describe('the cost of a job that meets no fault', () => {
  it.each(scenarios)('$name: at most $events history events beyond start and end', async (scenario) => {
    const { workflowType } = jobKinds[scenario.request.kind];
    const handle = await temporal.withWorker(scenario.activities, async () => {
      const started = await temporal.client.workflow.start(workflowType, {
        taskQueue: temporal.taskQueue,
        workflowId: `cost-${scenario.name}-${temporal.taskQueue}`,
        args: [scenario.request],
      });
      await started.result().catch(() => undefined);
      return started;
    });
    const history = await handle.fetchHistory();
    if (save) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(new URL(`${scenario.name}.json`, folder), `${historyToJSON(history)}\n`);
    }
    expect((history.events?.length ?? 0) - 2).toBeLessThanOrEqual(scenario.events);
  });
});
