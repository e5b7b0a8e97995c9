import { readFile } from 'node:fs/promises';
import { Client, Connection } from '@temporalio/client';
import type { ModelAccessJobRequestInput } from '../../planner/index.js';
import { addActions, costOfRuns, type ActionCounts } from '../count-actions.js';
import type { Stack } from '../stack.js';

/** What a batch cost. */
export interface BatchCost {
  rows: number;
  seconds: number;
  /** Actions that leave an event, and the heartbeats that the worker sent at most. */
  actions: ActionCounts;
  runs: number;
  /** The largest history of its runs. */
  events: number;
  bytes: number;
  /** Resident memory of the worker at its highest, in bytes. */
  memoryBytes: number;
}

/** Runs a batch to its end, and counts what it cost. */
export async function runBatchJob(
  { client, worker, address }: Stack,
  request: ModelAccessJobRequestInput,
): Promise<BatchCost> {
  const memory = watchMemory(worker.pid);
  const startedAt = performance.now();
  const handle = await client.start(request);
  const { output } = await handle.result();
  const seconds = (performance.now() - startedAt) / 1000;
  const connection = await Connection.connect({ address });
  const temporal = new Client({ connection });
  const { raw } = await temporal.workflow.getHandle(handle.jobId).describe();
  const costs = await costOfRuns(temporal, handle.jobId, raw.workflowExecutionInfo?.firstRunId ?? '');
  await connection.close();
  return {
    rows: Number(output?.['succeeded']),
    seconds,
    actions: addActions(costs.map(({ actions }) => actions)),
    runs: costs.length,
    events: Math.max(...costs.map(({ events }) => events)),
    bytes: Math.max(...costs.map(({ bytes }) => bytes)),
    memoryBytes: await memory.stop(),
  };
}

function watchMemory(pid: number | undefined): { stop: () => Promise<number> } {
  let most = 0;
  const check = async (): Promise<void> => {
    const status = await readFile(`/proc/${pid ?? 'self'}/status`, 'utf8').catch(() => '');
    most = Math.max(most, Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024);
  };
  const timer = setInterval(() => void check(), 200);
  return {
    async stop() {
      clearInterval(timer);
      await check();
      return most;
    },
  };
}
