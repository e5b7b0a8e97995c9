import type { Command } from 'commander';
import { exitCodes } from '../exit-codes.js';
import type { CliIo } from '../io.js';
import type { Cli } from './cli-state.js';

/** `worker`: runs a worker as a process of its own until a signal drains it. */
export function addWorkerCommand(program: Command, cli: Cli): void {
  program
    .command('worker')
    .description('run a worker; SIGTERM or Ctrl-C drains it')
    .addHelpText('after', '\nThe worker is configured by its environment: see the README for MODEL_JOBS_… and HF_….')
    .action(async () => {
      cli.exitCode = await runWorker(cli.io);
    });
}

async function runWorker(io: CliIo): Promise<number> {
  const { startWorkerProcess } = await import('../../processes/worker-process.js');
  const worker = startWorkerProcess({ env: { ...io.env, TEMPORAL_ADDRESS: await answeringAddress(io) } });
  const forget = io.onSignals(['SIGINT', 'SIGTERM', 'SIGHUP'], (signal) => {
    worker.signal(signal === 'SIGHUP' ? 'SIGTERM' : signal);
  });
  const { exitCode } = await worker.exited;
  forget();
  return exitCode ?? exitCodes.jobFailed;
}

/** A server that is not there is told at once, by its exit code, and not by a worker's log. */
async function answeringAddress({ env }: CliIo): Promise<string> {
  const { connectServer } = await import('../../connection/connect.js');
  const { connection, address } = await connectServer({ env });
  await connection.close();
  return address;
}
