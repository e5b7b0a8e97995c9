import { z } from 'zod';
import { once } from '../shared/once.js';

/** The crate's `ArtifactKind`, or `{"other": "…"}`. */
export const artifactKindSchema = once(() =>
  z.union([
    z.enum(['file', 'directory', 'image', 'audio', 'video', 'text', 'json', 'log', 'archive', 'binary']),
    z.strictObject({ other: z.string() }),
  ]),
);

/** What a job made, or will make. `sizeBytes` in bytes, `sha256` in lowercase hex, `createdAt` as RFC 3339. */
export const artifactRefSchema = once(() =>
  z.object({
    id: z.string(),
    kind: artifactKindSchema(),
    mediaType: z.string(),
    uri: z.string(),
    sizeBytes: z.int().nonnegative().nullish(),
    sha256: z.string().nullish(),
    createdAt: z.string().nullish(),
    metadata: z.record(z.string(), z.string()).default({}),
  }),
);

export type ArtifactKind = z.infer<ReturnType<typeof artifactKindSchema>>;
export type ArtifactRef = z.infer<ReturnType<typeof artifactRefSchema>>;

/** What a file is in a model, by the crate's rules on its name. */
export type FileRole = 'config' | 'tokenizer' | 'vocabulary' | 'weights' | 'artifact';

export function fileRole(remotePath: string): FileRole {
  const name = remotePath.slice(remotePath.lastIndexOf('/') + 1);
  if (name === 'config.json') return 'config';
  if (name.includes('tokenizer')) return 'tokenizer';
  if (name === 'vocab.txt' || name === 'merges.txt') return 'vocabulary';
  return /\.(?:onnx|safetensors|bin|pt)$/.test(name) ? 'weights' : 'artifact';
}

/** The artifact kind of a model file. */
export function fileKind(role: FileRole): ArtifactKind {
  if (role === 'config' || role === 'tokenizer') return 'json';
  return role === 'vocabulary' ? 'text' : 'binary';
}

/** The media type of a model file, by the ending of its path. */
export function fileMediaType(remotePath: string): string {
  if (remotePath.endsWith('.json')) return 'application/json';
  if (remotePath.endsWith('.txt') || remotePath.endsWith('.md')) return 'text/plain';
  return 'application/octet-stream';
}

/** The artifact id of a model file. */
export function fileArtifactId(remotePath: string): string {
  return `model:${remotePath.replaceAll('/', '_').replaceAll('\\', '_')}`;
}

/** An artifact kind as one word. */
export function artifactKindName(kind: ArtifactKind): string {
  return typeof kind === 'string' ? kind : kind.other;
}
