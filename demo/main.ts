import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { openServer, type OpenServer } from '../client/dev-server/index.js';
import { processIo } from '../client/cli/io.js';
import { ModelJobsClient } from '../client/job-client.js';
import { table } from '../client/cli/render/text.js';
import { demoSteps } from './jobs.js';
import { startModelHub } from './model-hub.js';
import { runStep, type StepOutcome } from './run-step.js';
import { startDemoWorker } from './worker.js';

/**
 * The main job, from a model on a hub to a data set's answers, on a real Temporal server with a real worker.
 *
 * `--keep` leaves everything running until Ctrl-C. Exit code 0 only when every job ended as it should.
 */
const keep = process.argv.includes('--keep');
const home = resolve(process.env['MODEL_JOBS_HOME'] || '.model-jobs', 'demo');
const io = processIo();
const interrupt = new AbortController();
const forget = io.onSignals(['SIGINT', 'SIGTERM'], () => interrupt.abort());
const stops: (() => Promise<void>)[] = [];

try {
  process.exitCode = await demonstrate();
} catch (error) {
  say(
    interrupt.signal.aborted ? 'interrupted' : String(error instanceof Error ? (error.stack ?? error.message) : error),
  );
  process.exitCode = interrupt.signal.aborted ? 130 : 1;
} finally {
  for (const stop of stops.reverse()) await stop();
  forget();
}

async function demonstrate(): Promise<number> {
  await rm(home, { recursive: true, force: true });
  await mkdir(home, { recursive: true });
  const server = await openServer({ home, env: process.env, report: say, signal: interrupt.signal });
  stops.push(() => server.stop());
  const hub = await startModelHub(home);
  stops.push(() => hub.close());
  say(`a loopback hub serves the demo's model at ${hub.url}`);
  const worker = await startDemoWorker({ home, address: server.address, hub: hub.url });
  stops.push(() => worker.stop());
  say(`the worker works (pid ${worker.pid})\n`);
  const client = await ModelJobsClient.connect({
    env: { ...process.env, TEMPORAL_ADDRESS: server.address, MODEL_JOBS_HOME: home },
  });
  stops.push(() => client.close());

  const outcomes: StepOutcome[] = [];
  for (const step of demoSteps()) {
    interrupt.signal.throwIfAborted();
    outcomes.push(await runStep(io, client, step, outcomes.at(-1)?.result));
  }
  summarize(outcomes, server);
  if (keep) await untilInterrupted(server.address);
  return outcomes.every(({ asExpected }) => asExpected) ? 0 : 1;
}

function summarize(outcomes: readonly StepOutcome[], server: OpenServer): void {
  const rows = outcomes.map(({ kind, status, asExpected, ms, note }) => [
    asExpected ? '✓' : '✗',
    kind,
    status,
    `${(ms / 1000).toFixed(2)} s`,
    note,
  ]);
  process.stdout.write(`\n${table([['', 'job', 'ended', 'time', 'what it came to'], ...rows])}\n\n`);
  if (server.kind === 'started')
    say(`Web UI: ${server.uiUrl}${keep ? '' : ' (with `npm run demo -- --keep` it stays up)'}`);
  say(`outputs: ${join(home, 'jobs')}`);
}

async function untilInterrupted(address: string): Promise<void> {
  say(
    `\nstill up; explore with\n  export MODEL_JOBS_HOME=${home}\n  npx model-jobs list\nor any Temporal tool at ${address}. Ctrl-C ends it.`,
  );
  if (interrupt.signal.aborted) return;
  // The server and the worker are children of this process: their pipes keep it alive.
  await new Promise<void>((done) => interrupt.signal.addEventListener('abort', () => done(), { once: true }));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
