import { Worker, type NativeConnection } from '@temporalio/worker';
import { openActivities } from '../activities/index.js';
import type { WorkerConfig } from './config.js';
import { workflowBundle } from './workflow-bundle.js';

/**
 * At most one heartbeat in this time reaches the server for each running activity. A cancel comes with the answer
 * to a heartbeat, so it is also how long a cancel may take to arrive.
 */
const heartbeatThrottle = '3 seconds';

/** How long an activity may go on after SIGTERM before it is asked to hand over: short ones just end. */
const drainGrace = '2 seconds';

/**
 * A worker over a connection: the workflows of all kinds, and their activities. What it opened (model processes) ends
 * with its run, also where the program that embeds it goes on.
 */
export async function createWorker(
  config: WorkerConfig,
  connection: NativeConnection,
  namespace: string,
): Promise<Worker> {
  const { activities, close } = openActivities(config.activities);
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue: config.taskQueue,
    workflowBundle: await workflowBundle(),
    activities,
    maxConcurrentActivityTaskExecutions: config.maxActivities,
    maxHeartbeatThrottleInterval: heartbeatThrottle,
    shutdownGraceTime: drainGrace,
    shutdownForceTime: `${config.shutdownSeconds} seconds`,
  });
  const run = worker.run.bind(worker);
  worker.run = () => run().finally(close);
  return worker;
}
