import { describe, expect, it } from 'vitest';
import { jobKinds } from '../../planner/index.js';
import { saveHistory } from '../helpers/save-history.js';
import { scenarios } from '../helpers/scenarios.js';
import { connectTemporal } from '../helpers/temporal.js';

const temporal = await connectTemporal();

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
    saveHistory(scenario.name, history);
    expect((history.events?.length ?? 0) - 2).toBeLessThanOrEqual(scenario.events);
  });
});
