import { createHash } from 'node:crypto';
import {
  outputArtifactId,
  type ArtifactRef,
  type BatchManifest,
  type ModelAccessJobRequest,
} from '../../planner/index.js';
import { bundleMediaType } from '../signing/envelope.js';
import type { SigningKey } from '../signing/keys.js';
import { outputsSignatureName, signFiles } from '../signing/signature.js';
import { nameOf, openFolder } from '../storage/index.js';
import { leadTo } from '../workspace/run-folder.js';
import { successName } from './shards/shard-index.js';

/** The outputs of a batch, which lie in its folder. */
export interface Outputs {
  request: ModelAccessJobRequest;
  folder: string;
  manifest: BatchManifest;
  /** Signs them, where the worker's operator gave it. */
  key?: SigningKey | undefined;
}

/** The names that outputs may have: those of another run are not this one's. */
const outputNames = ['output.jsonl', 'output.parquet', 'errors.jsonl', outputsSignatureName, successName];

/**
 * Signs the outputs where there is a key, writes their manifest last, and makes the job's plain paths lead to them.
 *
 * @returns the artifacts: those of the manifest, and the signature's
 */
export async function publishOutputs(outputs: Outputs, signal: AbortSignal): Promise<ArtifactRef[]> {
  const { folder, manifest, key } = outputs;
  const text = `${JSON.stringify(manifest)}\n`;
  // Before the manifest: who waits for that one finds both.
  const signature = key && (await writeSignature(outputs, text, key, signal));
  await openFolder(folder).write(successName, [Buffer.from(text)], signal);
  const signed = signature ? [outputsSignatureName] : [];
  const names = [...manifest.artifacts.map(fileName), ...signed, successName];
  await leadTo(folder, names, { stale: outputNames, signal });
  return [...manifest.artifacts, ...(signature ? [signature] : [])];
}

/** Over the outputs and their manifest; what the batch keeps beside them is left out. */
async function writeSignature(
  { request, folder, manifest }: Outputs,
  text: string,
  key: SigningKey,
  signal: AbortSignal,
): Promise<ArtifactRef> {
  const files = new Map(manifest.artifacts.map((artifact) => [fileName(artifact), artifact.sha256 ?? '']));
  files.set(successName, createHash('sha256').update(text).digest('hex'));
  const ignoredPaths = new Set([outputsSignatureName]);
  for await (const { name } of openFolder(folder).list('', signal)) {
    const [top = ''] = name.split('/');
    if (!files.has(top)) ignoredPaths.add(top);
  }
  const signature = signFiles(
    { name: nameOf(folder), files, ignoredPaths: [...ignoredPaths].sort(), allowSymlinks: false },
    key,
  );
  const stored = await openFolder(folder).write(outputsSignatureName, [Buffer.from(signature)], signal);
  const { metadata } = manifest.artifacts[0] ?? { metadata: {} };
  const id = outputArtifactId(request, 'signature');
  return { id, kind: 'json', mediaType: bundleMediaType, ...stored, metadata };
}

function fileName({ uri }: ArtifactRef): string {
  return uri.slice(uri.lastIndexOf('/') + 1);
}
