import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, Connection } from '@temporalio/client';
import { afterAll, expect, inject, it, onTestFinished } from 'vitest';
import { largeSpec, openEndToEnd } from '../helpers/end-to-end.js';

const box = await openEndToEnd();
const connection = await Connection.connect({ address: inject('temporalAddress') });
const { workflow } = new Client({ connection });
afterAll(() => connection.close());

const patient = { timeout: 30_000, interval: 200 };

it('a fault that lasts is seen from everywhere while it is tried again, and ends when nothing new came for so long', async () => {
  const worker = await box.startWorker({ HF_ENDPOINT: await addressOfNobody() });
  onTestFinished(() => worker.stop());
  const request = { id: 'hub-away', kind: 'Download', spec: largeSpec('demo/large'), backend: 'onnx' };
  await box.cli('start', { ...request, options: { retrySeconds: 15 } });
  const waits = async (): Promise<string | undefined> => (await box.snapshot(request.id)).metadata['retry.failure'];
  await expect.poll(waits, patient).toContain('connect ECONNREFUSED');
  const [status, list, details] = await Promise.all([
    box.cli('status', undefined, request.id),
    box.cli('list'),
    currentDetails(request.id),
  ]);
  expect(status.stdout).toMatch(/retry +downloadModel, attempt \d of at most 1000.*: .*connect ECONNREFUSED/);
  expect(list.stdout).toMatch(/hub-away +Download +running \(retrying\).*downloadModel, attempt \d/);
  expect(details).toMatch(
    /attempt \d failed: .*ECONNREFUSED.*; the next, \d of at most 1000, begins at .*; given up at/,
  );
  const end = await box.cli('result', undefined, request.id);
  expect(end.exitCode).toBe(1);
  expect(end.stderr).toMatch(/ECONNREFUSED.*; given up in attempt \d, after \d+ s in which nothing new came/);
});

it('the current details move with the bytes', async () => {
  const worker = await box.startWorker();
  onTestFinished(() => worker.stop());
  const id = 'moving-details';
  await box.cli('start', { id, kind: 'Download', spec: largeSpec('demo/large'), backend: 'onnx' });
  await expect
    .poll(() => currentDetails(id), patient)
    .toMatch(/`downloadModel`: \d{7,} of 24000000 bytes \(\d+ %\), fetching/);
  expect((await box.cli('result', undefined, id)).exitCode).toBe(0);
});

async function currentDetails(id: string): Promise<string> {
  const query = workflow.getHandle(id).query<{ currentDetails: string }>('__temporal_workflow_metadata');
  return (await query).currentDetails;
}

async function addressOfNobody(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
