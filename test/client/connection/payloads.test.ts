import { defaultFailureConverter, defaultPayloadConverter, type PayloadCodec } from '@temporalio/common';
import { expect, test } from 'vitest';
import { decodePayloads } from '../../../client/connection/payloads.js';

/** Puts a byte before the data, and expects it there when decoding. */
function stamp(byte: number): PayloadCodec {
  return {
    encode: (payloads) =>
      Promise.resolve(payloads.map((payload) => ({ ...payload, data: Buffer.from([byte, ...(payload.data ?? [])]) }))),
    decode: (payloads) =>
      Promise.resolve(
        payloads.map((payload) => {
          expect(payload.data?.[0]).toBe(byte);
          return { ...payload, data: payload.data?.subarray(1) ?? null };
        }),
      ),
  };
}

test('payloads are decoded through all codecs, the last one first', async () => {
  const payloadCodecs = [stamp(1), stamp(2)];
  let payloads = [{ progress: { completed: 1, unit: 'files' } }, null].map((value) =>
    defaultPayloadConverter.toPayload(value),
  );
  for (const codec of payloadCodecs) payloads = await codec.encode(payloads);
  const converter = {
    payloadConverter: defaultPayloadConverter,
    failureConverter: defaultFailureConverter,
    payloadCodecs,
  };
  expect(await decodePayloads(converter, payloads)).toEqual([{ progress: { completed: 1, unit: 'files' } }, null]);
});

test('no payloads are no values', async () => {
  const converter = {
    payloadConverter: defaultPayloadConverter,
    failureConverter: defaultFailureConverter,
    payloadCodecs: [],
  };
  expect(await decodePayloads(converter, undefined)).toEqual([]);
});
