import { readdirSync, readFileSync } from 'node:fs';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import { workflowBundle } from '../../worker/workflow-bundle.js';

const folder = new URL('../fixtures/histories/', import.meta.url);
const histories = readdirSync(folder).filter((name) => name.endsWith('.json'));

let bundle: Awaited<ReturnType<typeof workflowBundle>>;
beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  bundle = await workflowBundle();
});

describe('every saved history', () => {
  it('is of a workflow of ours, and each kind has one', () => {
    const types = histories.map((name) => typeOf(name));
    expect(new Set(types).size).toBe(7);
  });

  it.each(histories)('%s still replays', async (name) => {
    const history: unknown = JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
    await Worker.runReplayHistory({ workflowBundle: bundle }, history);
  });
});

function typeOf(name: string): unknown {
  const { events } = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as {
    events: { workflowExecutionStartedEventAttributes?: { workflowType?: { name?: string } } }[];
  };
  return events[0]?.workflowExecutionStartedEventAttributes?.workflowType?.name;
}
