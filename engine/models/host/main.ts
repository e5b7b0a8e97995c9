import { Worker } from 'node:worker_threads';
import { deviceFacts, ModelJobError } from '../../../planner/index.js';
import { createPathGuard } from '../../workspace/paths.js';
import type { ModelRuntime } from '../contract/model-runtime.js';
import { inputCheckFor } from '../tasks/index.js';
import { errorMessage } from './errors.js';
import type { LoadMessage, MessageFromHost, MessageToHost, RunMessage } from './messages.js';
import { runCall, type HostedModel } from './run-call.js';

/**
 * A process with one model: loads a runtime and the model, runs calls one at a time, ends with its worker. Speaks
 * {@link MessageToHost} and {@link MessageFromHost}; what the runtime prints is for the worker's log.
 */
let hosted: HostedModel | undefined;
let running: { id: number; abort: AbortController } | undefined;

new Worker(new URL('./watchdog.js', import.meta.url), { workerData: process.ppid }).unref();
process.on('disconnect', () => process.exit(0));
process.on('message', (message: MessageToHost) => void answer(message));

async function answer(message: MessageToHost): Promise<void> {
  switch (message.type) {
    case 'load':
      return reply(undefined, () => load(message));
    case 'run':
      return reply(message.id, () => run(message));
    case 'cancel':
      if (running?.id === message.id) running.abort.abort();
      return;
    case 'dispose':
      await hosted?.model.dispose().catch(() => undefined);
      process.exit(0);
  }
}

async function reply(id: number | undefined, work: () => Promise<MessageFromHost>): Promise<void> {
  try {
    send(await work());
  } catch (error) {
    send({ type: 'failed', ...(id === undefined ? {} : { id }), error: errorMessage(error) });
  }
}

async function load({ module, request }: LoadMessage): Promise<MessageFromHost> {
  const runtime = await importRuntime(module);
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  const model = await runtime.load({ ...request, signal: new AbortController().signal, log });
  hosted = {
    spec: request.spec,
    model,
    check: inputCheckFor(request.spec.task, createPathGuard(request.settings.roots, request.settings.closed)),
  };
  return { type: 'loaded', memoryBytes: process.memoryUsage.rss(), device: deviceFacts(model) };
}

async function importRuntime(module: string): Promise<ModelRuntime> {
  const { runtime } = (await import(module)) as { runtime?: ModelRuntime };
  if (typeof runtime?.load === 'function') return runtime;
  throw new ModelJobError('MissingDependency', `\`${module}\` exports no \`runtime\` with a \`load\` function`);
}

async function run({ id, call }: RunMessage): Promise<MessageFromHost> {
  if (!hosted) throw new ModelJobError('StateUnavailable', 'no model is loaded');
  const abort = new AbortController();
  running = { id, abort };
  const outcome = await runCall(hosted, call, abort.signal);
  return { type: 'ran', id, outcome, memoryBytes: process.memoryUsage.rss() };
}

function send(message: MessageFromHost): void {
  process.send?.(message);
}
