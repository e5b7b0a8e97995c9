import { arrayFromPayloads, type LoadedDataConverter, type Payload } from '@temporalio/common';

/** The values of payloads that a response of the server carries raw. */
export async function decodePayloads(
  { payloadConverter, payloadCodecs }: LoadedDataConverter,
  payloads: readonly Payload[] | null | undefined,
): Promise<unknown[]> {
  let decoded = [...(payloads ?? [])];
  for (const codec of [...payloadCodecs].reverse()) decoded = await codec.decode(decoded);
  return arrayFromPayloads(payloadConverter, decoded);
}
