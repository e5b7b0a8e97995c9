import { sign, verify } from 'node:crypto';
import { z } from 'zod';
import { ModelJobError, parseWith } from '../../planner/index.js';
import { SignatureFault } from './fault.js';
import { describeKey, isCurrent, type SigningKey, type TrustedKey } from './keys.js';

/** What the format is called, as an artifact's media type too. */
export const bundleMediaType = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const payloadType = 'application/vnd.in-toto+json';

/** A Sigstore bundle over a DSSE envelope, as far as a signature by a key needs it. */
const bundleSchema = z.object({
  mediaType: z.literal(bundleMediaType),
  verificationMaterial: z.object({ publicKey: z.object({ hint: z.string().nullish() }).nullish() }),
  dsseEnvelope: z.object({
    payload: z.base64(),
    payloadType: z.literal(payloadType),
    signatures: z.tuple([z.object({ sig: z.base64() })]),
  }),
});

/** Signs a statement. Returns the file's text: a Sigstore bundle. */
export function sealStatement(statement: Buffer, { key, hash, hint }: SigningKey): string {
  const signature = sign(hash, encodePair(statement), key);
  const bundle = {
    mediaType: bundleMediaType,
    verificationMaterial: { publicKey: { hint }, tlogEntries: [] },
    dsseEnvelope: {
      payload: statement.toString('base64'),
      payloadType,
      signatures: [{ sig: signature.toString('base64'), keyid: '' }],
    },
  };
  return `${JSON.stringify(bundle)}\n`;
}

/**
 * The statement of a signature, once one of the keys has been found to have signed it.
 *
 * @param text the signature's file
 * @throws SignatureFault for another form, another key, and a signature that does not hold
 */
export function openStatement(text: string, keys: readonly TrustedKey[]): { statement: Buffer; key: TrustedKey } {
  const { verificationMaterial, dsseEnvelope } = readBundle(text);
  const statement = Buffer.from(dsseEnvelope.payload, 'base64');
  const signature = Buffer.from(dsseEnvelope.signatures[0].sig, 'base64');
  const hint = verificationMaterial.publicKey?.hint ?? undefined;
  // The hint is not signed: it only says which keys are worth a try.
  const candidates = keys.filter((key) => (hint === undefined || key.hint === hint) && isCurrent(key));
  const key = candidates.find((one) => verify(one.hash, encodePair(statement), one.key, signature));
  if (key) return { statement, key };
  const [named] = candidates;
  if (hint !== undefined && named) {
    throw new SignatureFault(`the signature is not one by key ${describeKey(named)}, which it names`, { key: hint });
  }
  const by = hint === undefined ? 'is signed by an unknown key' : `is signed by key ${hint.slice(0, 12)}`;
  const trusted = keys.map((one) => `${describeKey(one)}${isCurrent(one) ? '' : ', expired'}`).join(', ');
  throw new SignatureFault(`it ${by}, not by one of ${trusted}`, hint === undefined ? {} : { key: hint });
}

function readBundle(text: string): z.infer<typeof bundleSchema> {
  try {
    return parseWith(bundleSchema, JSON.parse(text), 'signature');
  } catch (error) {
    const reason = error instanceof ModelJobError ? error.detail : 'it is no JSON';
    throw new SignatureFault(`the signature can't be read: ${reason}`);
  }
}

/** What is signed: DSSE's pre-authentication encoding of the payload and its type. */
function encodePair(payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `), payload]);
}
