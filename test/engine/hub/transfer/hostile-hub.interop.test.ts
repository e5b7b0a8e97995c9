import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Fault, HubRequest } from '../../../../demo/hub/index.js';
import { noise, requestOf, transferBox } from '../../../helpers/transfer.js';

/** Three ranges, so that some are asked for beside others. */
const size = 17_000_000;
const path = 'model.safetensors';
const all = requestOf([{ required: path }]);
let weights: Uint8Array;
beforeAll(() => {
  weights = noise(size);
});

/** A hub whose answers for the file's bytes have a fault, by the count of that request. */
async function hostile(fault: (request: HubRequest) => Fault | undefined, options = {}) {
  let healthy = false;
  const box = await transferBox(
    { [path]: weights },
    {
      faults: (request) => (!healthy && request.kind === 'cdn' ? fault(request) : undefined),
      config: { timeoutMs: 1000 },
      ...options,
    },
  );
  return { ...box, heal: () => (healthy = true) };
}

const isRight = async ({ bundle }: { bundle: string }): Promise<boolean> =>
  (await readFile(join(bundle, 'files', path))).equals(weights);

const wrong: [string, Fault][] = [
  ['flips a byte', { kind: 'flip', offset: 12_345_678 }],
  ['sends another range', { kind: 'wrong-range', shift: 1 }],
  ['sends a shorter length', { kind: 'wrong-length', difference: -7 }],
  ['sends a longer length', { kind: 'wrong-length', difference: 7 }],
  ['ends early as if that were all', { kind: 'truncate', afterBytes: 1000, silent: true }],
  ['sends a page instead', { kind: 'status', status: 200, body: '<html>sign in</html>' }],
];

describe('a hub that', () => {
  it.each(wrong)('%s for ever: nothing is published, and a later try succeeds', async (_, fault) => {
    const box = await hostile(() => fault);
    await expect(box.run('downloadModel', all)).rejects.toMatchObject({ type: 'IntegrityError', nonRetryable: true });
    const blobs = await readdir(join(box.cache, 'blobs'));
    expect(blobs.filter((name) => /^[0-9a-f]{64}$/.test(name))).toEqual([]);
    await expect(stat(box.bundle)).rejects.toMatchObject({ code: 'ENOENT' });
    box.heal();
    await box.run('downloadModel', all);
    expect(await isRight(box)).toBe(true);
    expect((await readdir(join(box.cache, 'blobs'))).length).toBe(1);
  });

  it.each(wrong)('%s now and then is tried again', async (_, fault) => {
    const box = await hostile(({ attempt }) => (attempt === 1 ? fault : undefined));
    await box.run('downloadModel', all);
    expect(await isRight(box)).toBe(true);
  });

  it('cuts every answer short brings the file all the same', async () => {
    const box = await hostile(() => ({ kind: 'truncate', afterBytes: 3_000_000, silent: true }));
    expect(await box.run('downloadModel', all)).toMatchObject({ bytesFetched: size });
    expect(await isRight(box)).toBe(true);
  });
});

describe('a network that', () => {
  it('resets connections costs no byte twice', async () => {
    const box = await hostile(({ attempt }) =>
      attempt % 2 === 1 ? { kind: 'reset', afterBytes: 2_000_000 } : undefined,
    );
    const facts = await box.run('downloadModel', all);
    expect(facts.bytesFetched).toBe(size);
    expect(await isRight(box)).toBe(true);
  });

  it('stalls in the middle of a body is noticed by its speed', async () => {
    const box = await hostile(({ attempt }) => (attempt <= 2 ? { kind: 'stall', afterBytes: 1_000_000 } : undefined));
    await box.run('downloadModel', all);
    expect(await isRight(box)).toBe(true);
  });

  it('drips is noticed by its speed, though the socket is never silent', async () => {
    const box = await hostile(() => undefined, { bytesPerSecond: 200, config: { timeoutMs: 600 } });
    const startedAt = Date.now();
    await expect(box.run('downloadModel', all)).rejects.toMatchObject({
      type: 'Io',
      nonRetryable: false,
      message: expect.stringMatching(/broke off .* after \d+ bytes in 0.6 s/) as string,
    });
    expect(Date.now() - startedAt).toBeLessThan(20_000);
  });

  it('takes long for the first byte is waited for', async () => {
    const box = await hostile(({ attempt }) => (attempt === 1 ? { kind: 'stall', forMs: 700 } : undefined));
    await box.run('downloadModel', all);
    expect(await isRight(box)).toBe(true);
  });

  it.each([500, 502, 503, 429])('answers %i for a while is survived', async (status) => {
    const box = await hostile(({ attempt }) => (attempt <= 2 ? { kind: 'status', status } : undefined));
    await box.run('downloadModel', all);
    expect(await isRight(box)).toBe(true);
  });

  it('answers 503 for ever fails as a fault that may pass, and names the status', async () => {
    const box = await hostile(() => ({ kind: 'status', status: 503 }));
    await expect(box.run('downloadModel', all)).rejects.toMatchObject({
      type: 'Io',
      nonRetryable: false,
      message: expect.stringContaining('503') as string,
    });
  });
});

describe('an answer about the files that', () => {
  const faults: [string, Fault][] = [
    ['breaks off', { kind: 'truncate', afterBytes: 10 }],
    ['stalls in the middle', { kind: 'stall', afterBytes: 10 }],
    ['is no JSON', { kind: 'status', status: 200, body: '<html>busy</html>' }],
  ];
  const about = ({ kind }: HubRequest): boolean => kind === 'model-info' || kind === 'paths-info';
  const box = (fault: (request: HubRequest) => Fault | undefined) =>
    transferBox({ [path]: 'x' }, { faults: fault, config: { timeoutMs: 500 } });

  it.each(faults)('%s is asked for again', async (_, fault) => {
    const { run } = await box((request) => (about(request) && request.attempt === 1 ? fault : undefined));
    expect(await run('downloadModel', all)).toMatchObject({ files: 1 });
  });

  it.each(faults)('%s for ever is a fault; a page is final, the others may pass', async (_, fault) => {
    const { run } = await box((request) => (about(request) ? fault : undefined));
    await expect(run('downloadModel', all)).rejects.toMatchObject({
      type: 'Io',
      nonRetryable: fault.kind === 'status',
      message: expect.stringMatching(/^the hub /) as string,
    });
  });
});

describe('signed links', () => {
  it('are asked for again when they expire', async () => {
    const box = await hostile(() => undefined, { linkLifetimeMs: 300, bytesPerSecond: 5_000_000 });
    await box.run('downloadModel', all);
    expect(await isRight(box)).toBe(true);
  });

  it('are asked for few times: the ranges of a file share one', async () => {
    const box = await hostile(() => undefined, { bytesPerSecond: 20_000_000 });
    await box.run('downloadModel', all);
    expect(box.hub.stats.requests['GET cdn']).toBe(3);
    expect(box.hub.stats.requests['GET resolve']).toBeLessThanOrEqual(3);
  });

  it('never see the token', async () => {
    const seen: HubRequest[] = [];
    const box = await hostile(() => undefined, {
      token: 'hf_secret',
      config: { token: 'hf_secret' },
      onRequest: (request: HubRequest) => seen.push(request),
    });
    await box.run('downloadModel', all);
    const withToken = seen.filter(({ headers }) => headers['authorization'] === 'Bearer hf_secret');
    expect(new Set(withToken.map(({ kind }) => kind))).toEqual(new Set(['model-info', 'paths-info', 'resolve']));
    expect(seen.filter(({ kind }) => kind === 'cdn').map(({ headers }) => headers['authorization'])).toEqual(
      seen.filter(({ kind }) => kind === 'cdn').map(() => undefined),
    );
  });
});

describe('a refusal is one clear and quick failure:', () => {
  it.each([
    ['a gated model without a token', {}, /gated: ask for access on its page, and set HF_TOKEN/],
    ['a gated model with a token that has no access', { token: 'hf_other' }, /gated: ask for access on its page$/],
  ])('%s', async (_, config, message) => {
    const box = await transferBox({ [path]: 'x' }, { config });
    box.hub.setRepo('demo/model', { folder: box.repoFolder, gated: ['hf_friend'] });
    await expect(box.run('downloadModel', all)).rejects.toMatchObject({
      type: 'PermissionDenied',
      nonRetryable: true,
      message: expect.stringMatching(message) as string,
    });
  });

  it('a token that is not valid', async () => {
    const box = await transferBox({ [path]: 'x' }, { token: 'hf_right', config: { token: 'hf_wrong' } });
    await expect(box.run('downloadModel', all)).rejects.toMatchObject({
      type: 'PermissionDenied',
      message: expect.stringContaining('the token in HF_TOKEN is not valid') as string,
    });
  });
});
