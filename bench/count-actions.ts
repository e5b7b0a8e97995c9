import type { Client, WorkflowExecutionDescription, WorkflowHandle } from '@temporalio/client';

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;
type HistoryEvent = NonNullable<History['events']>[number];

/**
 * Billable Actions of a workflow by type, as Temporal Cloud counts them (https://docs.temporal.io/cloud/actions), as far
 * as a history tells: heartbeats, queries and refused updates leave no event.
 */
export interface ActionCounts {
  /** Starts, those of continue-as-new among them. */
  workflowStarts: number;
  /** Attempts of activities. */
  activityAttempts: number;
  timers: number;
  signals: number;
  updates: number;
  searchAttributeUpserts: number;
  childWorkflows: number;
}

/** One run of a job: its share of the Actions, and the size of its history. */
export interface RunCost {
  runId: string;
  events: number;
  bytes: number;
  actions: ActionCounts;
}

const noActions: ActionCounts = {
  workflowStarts: 0,
  activityAttempts: 0,
  timers: 0,
  signals: 0,
  updates: 0,
  searchAttributeUpserts: 0,
  childWorkflows: 0,
};

/** Counts the Actions of one run by its history. */
export function countActions({ events }: History): ActionCounts {
  const counts = { ...noActions };
  for (const event of events ?? []) count(counts, event);
  return counts;
}

/** The sum of several runs' Actions. */
export function addActions(counts: readonly ActionCounts[]): ActionCounts {
  const sum = { ...noActions };
  const names = Object.keys(noActions) as (keyof ActionCounts)[];
  for (const one of counts) for (const name of names) sum[name] += one[name];
  return sum;
}

/** All Actions together. */
export function totalActions(counts: ActionCounts): number {
  return (Object.values(counts) as number[]).reduce((sum, one) => sum + one, 0);
}

/** What each run of a job cost, in order, from its first run on. */
export async function costOfRuns(client: Client, jobId: string, firstRunId: string): Promise<RunCost[]> {
  const runs: RunCost[] = [];
  for (let runId: string | null | undefined = firstRunId; runId;) {
    const handle: WorkflowHandle = client.workflow.getHandle(jobId, runId);
    const [history, { raw }]: [History, WorkflowExecutionDescription] = await Promise.all([
      handle.fetchHistory(),
      handle.describe(),
    ]);
    runs.push({
      runId,
      events: history.events?.length ?? 0,
      bytes: Number(raw.workflowExecutionInfo?.historySizeBytes ?? 0),
      actions: countActions(history),
    });
    runId = history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  }
  return runs;
}

function count(counts: ActionCounts, event: HistoryEvent): void {
  if (event.workflowExecutionStartedEventAttributes) counts.workflowStarts += 1;
  else if (event.activityTaskScheduledEventAttributes) counts.activityAttempts += 1;
  else if (event.activityTaskStartedEventAttributes) {
    // The schedule has counted the first attempt; only the last one has an event.
    counts.activityAttempts += Math.max((event.activityTaskStartedEventAttributes.attempt ?? 1) - 1, 0);
  } else if (event.timerStartedEventAttributes) counts.timers += 1;
  else if (event.workflowExecutionSignaledEventAttributes) counts.signals += 1;
  else if (event.workflowExecutionUpdateAcceptedEventAttributes) counts.updates += 1;
  else if (event.upsertWorkflowSearchAttributesEventAttributes) counts.searchAttributeUpserts += 1;
  else if (event.startChildWorkflowExecutionInitiatedEventAttributes) counts.childWorkflows += 1;
}
