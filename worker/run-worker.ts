import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, Runtime } from '@temporalio/worker';
import { policyWarnings } from '../engine/policy/warnings.js';
import type { AllowedCommand } from '../engine/policy/schema.js';
import { ModelJobError } from '../planner/index.js';
import { watchOrphans } from '../system/processes/end-orphans.js';
import { readWorkerConfig } from './config.js';
import { createWorker } from './create-worker.js';
import { createLog, temporalLogger } from './logger.js';

/**
 * The worker as a process of its own: configuration from the environment, log on stderr, drain on SIGTERM and SIGINT.
 * Exit codes: 0 drained, 1 failed, 2 bad configuration.
 */
export async function runWorker(): Promise<void> {
  try {
    await run();
  } catch (error) {
    const badConfiguration = error instanceof ModelJobError;
    process.stderr.write(`model-jobs worker: ${badConfiguration ? error.message : String(error)}\n`);
    process.exit(badConfiguration ? 2 : 1);
  }
}

async function run(): Promise<void> {
  const config = readWorkerConfig(process.env);
  process.umask(config.umask);
  const log = createLog(config.logLevel);
  const forgetOrphans = watchOrphans((pids) => log.warn({ pids }, 'ended what a killed worker left'));
  Runtime.install({ logger: temporalLogger(log), shutdownSignals: ['SIGTERM', 'SIGINT'] });
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  const connection = await NativeConnection.connect(connectionOptions);
  try {
    const worker = await createWorker(config, connection, namespace);
    const { taskQueue, activities } = config;
    (await policyWarnings(activities.commands)).forEach((warning) => log.warn(warning));
    // A parent that started us with a channel (`model-jobs dev`) is gone when the channel closes: drain as on SIGTERM.
    const isOrphan = (): boolean => process.send !== undefined && !process.connected;
    process.once('disconnect', () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
    });
    process.channel?.unref();
    if (isOrphan()) return;
    log.info(
      { taskQueue, namespace, home: activities.home, roots: activities.roots, commands: namesOf(activities.commands) },
      'worker started',
    );
    await worker.run();
    log.info('worker drained');
  } finally {
    await connection.close();
    forgetOrphans();
  }
}

function namesOf(commands: readonly AllowedCommand[]): string[] {
  return commands.map((command) => (typeof command === 'string' ? command : command.program));
}
