import { describe, expect, it } from 'vitest';
import type { Fault, Hub, HubRequest } from '../../demo/hub/index.js';
import { bytesOf, failureOf, hubWith, repo, weights } from './hub-fixture.js';

describe('a hub with faults', () => {
  it('asks for a fault with everything it knows of the request', async () => {
    const seen: HubRequest[] = [];
    const hub = await hubWith({ onRequest: (request) => seen.push(request) });
    await (await fetch(`${hub.url}/${repo}/resolve/refs%2Fheads%2Fmain/sub%20folder/%C3%BCbersicht.txt`)).text();
    await fetch(`${hub.url}/${repo}/resolve/main/onnx/model.onnx`, { method: 'HEAD' });
    await fetch(`${hub.url}/${repo}/resolve/main/onnx/model.onnx`, { method: 'HEAD' });
    expect(seen.map(({ index, attempt, method, kind }) => [index, attempt, method, kind])).toEqual([
      [0, 1, 'GET', 'resolve'],
      [1, 1, 'HEAD', 'resolve'],
      [2, 1, 'HEAD', 'cdn'],
      [3, 2, 'HEAD', 'resolve'],
      [4, 2, 'HEAD', 'cdn'],
    ]);
    expect(seen[0]).toMatchObject({ repo, revision: 'refs/heads/main', path: 'sub folder/übersicht.txt' });
    expect(seen[2]).toMatchObject({ repo, path: 'onnx/model.onnx' });
  });

  it('answers with another status and its headers', async () => {
    const hub = await hubFailing({ kind: 'status', status: 503, headers: { 'Retry-After': '2' } });
    const answer = await fetch(weightsOf(hub));
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
  });

  it('can fail the first attempt only', async () => {
    const faults = ({ attempt }: HubRequest): Fault | undefined =>
      attempt === 1 ? { kind: 'status', status: 429 } : undefined;
    const hub = await hubWith({ redirectLfs: false, faults });
    expect((await fetch(weightsOf(hub))).status).toBe(429);
    expect((await fetch(weightsOf(hub))).status).toBe(200);
  });

  it('resets the connection before the headers', async () => {
    const hub = await hubFailing({ kind: 'reset' });
    expect(await failureOf(fetch(weightsOf(hub)))).toBe('ECONNRESET');
  });

  it('resets the connection in the middle of a body', async () => {
    const hub = await hubFailing({ kind: 'reset', afterBytes: 100_000 });
    const { bytes, failure } = await readUntilFailure(await fetch(weightsOf(hub)));
    expect(failure).toBe('ECONNRESET');
    expect(bytes.equals(weights.subarray(0, bytes.length))).toBe(true);
    expect(hub.stats.bytes).toEqual({ [`${repo}/onnx/model.onnx`]: 100_000 });
  });

  it('closes the connection early, after exactly so many bytes', async () => {
    const hub = await hubFailing({ kind: 'truncate', afterBytes: 100_000 });
    const { bytes, failure } = await readUntilFailure(await fetch(weightsOf(hub)));
    expect(failure).toBe('UND_ERR_SOCKET');
    expect(bytes.equals(weights.subarray(0, 100_000))).toBe(true);
  });

  it('ends early without a sign of it', async () => {
    const hub = await hubFailing({ kind: 'truncate', afterBytes: 100_000, silent: true });
    const answer = await fetch(weightsOf(hub));
    expect(answer.headers.get('content-length')).toBeNull();
    expect((await bytesOf(answer)).equals(weights.subarray(0, 100_000))).toBe(true);
  });

  it.each([undefined, 0, 100_000])('stalls after %s bytes until the client gives up', async (afterBytes) => {
    const hub = await hubFailing({ kind: 'stall', ...(afterBytes === undefined ? {} : { afterBytes }) });
    const answer = fetch(weightsOf(hub), { signal: AbortSignal.timeout(500) });
    if (afterBytes === undefined) {
      expect(await failureOf(answer)).toBe('TimeoutError');
    } else {
      const { bytes, failure } = await readUntilFailure(await answer);
      expect(failure).toBe('TimeoutError');
      expect(bytes.length).toBe(afterBytes);
    }
  });

  it('goes on after a stall that has an end', async () => {
    const hub = await hubFailing({ kind: 'stall', afterBytes: 100_000, forMs: 200 });
    const startedAt = performance.now();
    expect((await bytesOf(await fetch(weightsOf(hub)))).equals(weights)).toBe(true);
    expect(performance.now() - startedAt).toBeGreaterThan(190);
  });

  it('can be closed while it stalls', async () => {
    const hub = await hubFailing({ kind: 'stall', afterBytes: 10 });
    const answer = await fetch(weightsOf(hub));
    await hub.close();
    expect((await readUntilFailure(answer)).failure).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
  });

  it('inverts one byte, in the whole file and in the range that holds it', async () => {
    const hub = await hubFailing({ kind: 'flip', offset: 300_000 });
    const flipped = Buffer.from(weights);
    flipped[300_000] = ~flipped[300_000]! & 0xff;
    expect((await bytesOf(await fetch(weightsOf(hub)))).equals(flipped)).toBe(true);
    expect((await bytesOf(await rangeOf(hub, 'bytes=299990-300009'))).equals(flipped.subarray(299_990, 300_010))).toBe(
      true,
    );
    expect((await bytesOf(await rangeOf(hub, 'bytes=0-9'))).equals(weights.subarray(0, 10))).toBe(true);
  });

  it('ignores a range', async () => {
    const hub = await hubFailing({ kind: 'ignore-range' });
    const answer = await rangeOf(hub, 'bytes=100-199');
    expect(answer.status).toBe(200);
    expect((await bytesOf(answer)).length).toBe(weights.length);
  });

  it('sends another range than asked for', async () => {
    const hub = await hubFailing({ kind: 'wrong-range', shift: 50 });
    const answer = await rangeOf(hub, 'bytes=100-199');
    expect(answer.headers.get('content-range')).toBe(`bytes 150-249/${weights.length}`);
    expect((await bytesOf(answer)).equals(weights.subarray(150, 250))).toBe(true);
  });

  it('changes the ETag', async () => {
    const hub = await hubFailing({ kind: 'etag', etag: '"changed"' });
    const answer = await fetch(weightsOf(hub), { method: 'HEAD' });
    expect([answer.headers.get('etag'), answer.headers.get('x-linked-etag')]).toEqual(['"changed"', '"changed"']);
  });

  it('sends the whole file to those who ask for a range of the former ETag', async () => {
    const hub = await hubFailing({ kind: 'etag', etag: '"changed"' });
    const statusFor = async (etag: string) =>
      (await fetch(weightsOf(hub), { headers: { Range: 'bytes=0-9', 'If-Range': etag } })).status;
    expect([await statusFor('"former"'), await statusFor('"changed"')]).toEqual([200, 206]);
  });

  it('announces a length that is too small or too large', async () => {
    const short = await fetch(weightsOf(await hubFailing({ kind: 'wrong-length', difference: -10 })));
    expect((await bytesOf(short)).equals(weights.subarray(0, -10))).toBe(true);
    const long = await fetch(weightsOf(await hubFailing({ kind: 'wrong-length', difference: 10 })));
    const { bytes, failure } = await readUntilFailure(long);
    expect([bytes.equals(weights), failure]).toEqual([true, 'UND_ERR_SOCKET']);
  });

  it('compresses the body, without a length and with a weak ETag', async () => {
    const hub = await hubFailing({ kind: 'gzip' });
    const answer = await rangeOf(hub, 'bytes=100-199');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(answer.headers.get('etag')).toMatch(/^W\/"/);
    expect(answer.headers.get('content-length')).toBeNull();
    expect((await bytesOf(answer)).equals(weights)).toBe(true);
  });

  it('answers 500 with the reason where the hook itself fails', async () => {
    const hub = await hubWith({
      faults: () => {
        throw new Error('a slip in the test');
      },
    });
    const answer = await fetch(weightsOf(hub));
    expect([answer.status, answer.headers.get('x-error-message')]).toEqual([
      500,
      'Internal error: Error: a slip in the test',
    ]);
  });

  function hubFailing(fault: Fault): Promise<Hub> {
    return hubWith({ redirectLfs: false, faults: () => fault });
  }
});

function weightsOf(hub: Hub): string {
  return `${hub.url}/${repo}/resolve/main/onnx/model.onnx`;
}

function rangeOf(hub: Hub, range: string): Promise<Response> {
  return fetch(weightsOf(hub), { headers: { Range: range } });
}

async function readUntilFailure(answer: Response): Promise<{ bytes: Buffer; failure: string }> {
  const chunks: Uint8Array[] = [];
  const failure = await failureOf(
    (async () => {
      for await (const chunk of answer.body!) {
        chunks.push(chunk as Uint8Array);
      }
    })(),
  );
  return { bytes: Buffer.concat(chunks), failure };
}
