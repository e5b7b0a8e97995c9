import { createHash } from 'node:crypto';
import { z } from 'zod';
import { compareCodePoints, ModelJobError, parseWith } from '../../planner/index.js';
import { SignatureFault } from './fault.js';

const statementType = 'https://in-toto.io/Statement/v1';
const predicateType = 'https://model_signing/signature/v1.0';

/** The files that a statement is about. Paths are relative to the model's folder, with `/`. */
export interface SignedFiles {
  /** The model's name, for people. */
  name: string;
  /** SHA-256 of each file, in lowercase hex. */
  files: ReadonlyMap<string, string>;
  /** Files and folders that the signer left out. */
  ignoredPaths: readonly string[];
  /** Whether the signer followed links. */
  allowSymlinks: boolean;
}

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in lowercase hex');

const statementSchema = z.object({
  _type: z.literal(statementType),
  subject: z.tuple([z.object({ name: z.string(), digest: z.object({ sha256 }) })]),
  predicateType: z.literal(predicateType),
  predicate: z.object({
    serialization: z.object({
      method: z.literal('files'),
      hash_type: z.literal('sha256'),
      allow_symlinks: z.boolean(),
      ignore_paths: z.array(z.string()).default([]),
    }),
    resources: z.array(z.object({ name: z.string(), algorithm: z.literal('sha256'), digest: sha256 })),
  }),
});

/** The statement as it is signed: in-toto's, in the order and with the root digest of OpenSSF Model Signing. */
export function writeStatement({ name, files, ignoredPaths, allowSymlinks }: SignedFiles): Buffer {
  const resources = [...files]
    .map(([path, digest]) => ({ name: path, algorithm: 'sha256', digest }))
    .sort((left, right) => comparePaths(left.name, right.name));
  const serialization = {
    method: 'files',
    hash_type: 'sha256',
    allow_symlinks: allowSymlinks,
    ignore_paths: ignoredPaths,
  };
  const statement = {
    _type: statementType,
    subject: [{ name, digest: { sha256: rootDigest(resources) } }],
    predicateType,
    predicate: { serialization, resources },
  };
  return Buffer.from(JSON.stringify(statement));
}

/**
 * Reads a statement whose signature holds.
 *
 * @throws SignatureFault for another form or algorithm, a path that is twice there or leads elsewhere, and a root digest
 *   that is not its files'
 */
export function readStatement(bytes: Buffer): SignedFiles {
  const { subject, predicate } = parseStatement(bytes);
  const { resources, serialization } = predicate;
  const files = new Map<string, string>();
  for (const { name: path, digest } of resources) {
    if (!isPlainPath(path)) throw new SignatureFault(`the signed path \`${path}\` is no relative path`, { file: path });
    if (files.has(path)) throw new SignatureFault(`\`${path}\` is signed twice`, { file: path });
    files.set(path, digest);
  }
  const [{ name, digest }] = subject;
  const root = rootDigest(resources);
  if (digest.sha256 !== root) {
    throw new SignatureFault(`the signed root digest is ${digest.sha256}, that of the signed files is ${root}`);
  }
  const { ignore_paths: ignoredPaths, allow_symlinks: allowSymlinks } = serialization;
  return { name, files, ignoredPaths, allowSymlinks };
}

function parseStatement(bytes: Buffer): z.infer<typeof statementSchema> {
  try {
    return parseWith(statementSchema, JSON.parse(bytes.toString()), 'statement');
  } catch (error) {
    const reason = error instanceof ModelJobError ? error.detail : 'it is no JSON';
    throw new SignatureFault(`what is signed can't be read: ${reason}`);
  }
}

/** SHA-256 over the digests, in the statement's order. */
function rootDigest(resources: readonly { digest: string }[]): string {
  const hash = createHash('sha256');
  for (const { digest } of resources) hash.update(digest, 'hex');
  return hash.digest('hex');
}

/** By their parts, as Python orders paths: `a/b` is before `a-b`. */
function comparePaths(left: string, right: string): number {
  const [lefts, rights] = [left.split('/'), right.split('/')];
  for (const [index, part] of lefts.entries()) {
    const order = compareCodePoints(part, rights[index] ?? '');
    if (order !== 0) return order;
  }
  return lefts.length - rights.length;
}

function isPlainPath(path: string): boolean {
  return !/[\0\\]/.test(path) && path.split('/').every((part) => !['', '.', '..'].includes(part));
}
