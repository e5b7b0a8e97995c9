import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import type { Activities } from '../../activities/index.js';
import type { ModelAccessJobRequestInput } from '../../planner/index.js';
import { fakeActivities } from '../helpers/fake-activities.js';
import { fakeShards } from '../helpers/fake-shards.js';
import { saveHistory, savesHistories } from '../helpers/save-history.js';
import { connectTemporal } from '../helpers/temporal.js';

const spec = { name: 'm', task: 'ocr', source: { kind: 'local_path', path: '/m' }, files: [] } as const;
const patient = { timeout: 20_000, interval: 50 };

const temporal = await connectTemporal();

describe('a saved history', () => {
  it('may be of a batch that was steered by signals', async () => {
    const box = fakeShards({ shards: 6, rows: 10 });
    await withJob('modelBatchInference', batch(), box.activities, async (handle) => {
      await expect.poll(() => box.rowsRun(), patient).toBeGreaterThan(5);
      await handle.signal('pause');
      await expect.poll(() => box.running(), patient).toBe(0);
      await handle.signal('setConcurrency', 3);
      await handle.signal('resume');
      expect(await handle.result()).toMatchObject({ output: { succeeded: 60, failed: 0 } });
      saveHistory('batch-signalled', await handle.fetchHistory());
    });
  });

  it('may be of the run that a batch has continued as', async () => {
    const box = fakeShards({ shards: 12, rows: 10 });
    await withJob('modelBatchInference', batch(), box.activities, async (handle) => {
      await expect.poll(() => box.rowsRun(), patient).toBeGreaterThan(20);
      // What makes its history too large for one run.
      for (let sent = 0; sent < 5; sent++) await handle.signal('setConcurrency', 'x'.repeat(1_000_000));
      expect(await handle.result()).toMatchObject({ output: { succeeded: 120, failed: 0 } });
      const history = await temporal.client.workflow.getHandle(handle.workflowId).fetchHistory();
      const [started] = history.events ?? [];
      expect(started?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId).toBeTruthy();
      saveHistory('batch-second-run', history);
    });
  });

  // The time-out is that of the workflow, 15 seconds without a heartbeat: only where it is kept.
  it.runIf(savesHistories)(
    'may be of an activity that timed out and was tried again',
    { timeout: 60_000 },
    async () => {
      const done = fakeActivities();
      let attempts = 0;
      let giveUp: () => void = () => undefined;
      const hangs = new Promise<never>((_, fail) => (giveUp = () => fail(new Error('late'))));
      const activities: Activities = {
        ...done,
        runInference: (request) => {
          if (++attempts === 1) return hangs;
          giveUp();
          return done.runInference(request);
        },
      };
      const request = { kind: 'Inference', spec, backend: 'onnx', inputs: [{ kind: 'json', value: 'a' }] } as const;
      await withJob('modelInference', { ...request, inputs: [...request.inputs] }, activities, async (handle) => {
        expect(await handle.result()).toMatchObject({ output: { inputCount: 1 } });
        saveHistory('inference-timed-out', await handle.fetchHistory());
      });
      expect(attempts).toBe(2);
    },
  );
});

function batch(): ModelAccessJobRequestInput {
  return {
    kind: 'BatchInference',
    spec: { ...spec, files: [] },
    backend: 'onnx',
    options: { batch: { concurrency: 2 } },
  };
}

async function withJob(
  workflowType: string,
  request: object,
  activities: Activities,
  work: (handle: WorkflowHandle) => Promise<void>,
): Promise<void> {
  await temporal.withWorker(activities, async () => {
    const handle = await temporal.client.workflow.start(workflowType, {
      taskQueue: temporal.taskQueue,
      workflowId: `history-${randomUUID()}`,
      args: [request],
    });
    await work(handle);
  });
}
