import { readdirSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import { jobKinds } from '../../planner/index.js';
import { temporaryFolder } from '../helpers/activity.js';
import { addHistory } from '../helpers/save-history.js';
import { workflowBundle } from '../../worker/workflow-bundle.js';

const folder = new URL('../fixtures/histories/', import.meta.url);
const histories = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));

let bundle: Awaited<ReturnType<typeof workflowBundle>>;
beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  bundle = await workflowBundle();
});

describe('every saved history', () => {
  it('is of a workflow of ours, and each kind has one', () => {
    const types = histories.map((name) => typeOf(name));
    expect([...new Set(types)].sort()).toEqual(
      Object.values(jobKinds)
        .map(({ workflowType }) => workflowType)
        .sort(),
    );
  });

  it.each(histories)('%s still replays', async (name) => {
    const history: unknown = JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
    await Worker.runReplayHistory({ workflowBundle: bundle }, history);
  });
});

describe('saving histories', () => {
  it('never replaces one that is there', async () => {
    const folder = pathToFileURL(`${await temporaryFolder()}/0.1.0/`);
    expect(addHistory(folder, 'batch', 'first')).toBe(true);
    expect(addHistory(folder, 'batch', 'second')).toBe(false);
    expect(readFileSync(new URL('batch.json', folder), 'utf8')).toBe('first');
  });
});

function typeOf(name: string): unknown {
  const { events } = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as {
    events: { workflowExecutionStartedEventAttributes?: { workflowType?: { name?: string } } }[];
  };
  return events[0]?.workflowExecutionStartedEventAttributes?.workflowType?.name;
}
