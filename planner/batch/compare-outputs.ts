import type { ModelAccessJobResult } from '../job/result.js';
import type { BatchManifest } from './manifest.js';

/** One output of a batch, as it was and as it has come out again. SHA-256 in lowercase hex; null where there is none. */
export interface ComparedOutput {
  id: string;
  before: string | null;
  now: string | null;
  same: boolean;
}

/** What of a provenance is not as it was. */
export interface ProvenanceDifference {
  what: 'model' | 'backend' | 'product' | 'inputs';
  before: string;
  now: string;
}

/** A batch that was made again beside the one that it repeats. */
export interface Comparison {
  /** Whether all outputs are the same, byte for byte. */
  same: boolean;
  outputs: ComparedOutput[];
  /** What may be why they differ. */
  differences: ProvenanceDifference[];
}

/** Holds the result of a batch that was made again against the manifest of the first. */
export function compareOutputs(manifest: BatchManifest, { artifacts, provenance }: ModelAccessJobResult): Comparison {
  const outputs = manifest.artifacts.map(({ id, sha256: before = null }) => {
    const now = artifacts.find((artifact) => artifact.id === id)?.sha256 ?? null;
    return { id, before, now, same: before !== null && before === now };
  });
  return {
    same: outputs.every(({ same }) => same),
    outputs,
    differences: differences(essenceOf(manifest.provenance), essenceOf(provenance)),
  };
}

type Essence = Record<ProvenanceDifference['what'], string>;

function essenceOf(provenance: BatchManifest['provenance'] | null): Essence {
  const { model, backends = [], product, inputs } = provenance ?? {};
  const versions = (list: readonly { name: string; version: string | null }[]): string =>
    list.map(({ name, version }) => `${name} ${version ?? ''}`.trimEnd()).join('; ');
  return {
    model: model ? `${model.label} (${model.digest ?? 'no digest'})` : 'not known',
    backend: versions(backends),
    product: product ? versions([product]) : 'not known',
    inputs: inputs?.files.map(({ sizeBytes }) => `${sizeBytes} bytes`).join(', ') ?? 'not known',
  };
}

function differences(before: Essence, now: Essence): ProvenanceDifference[] {
  const names = Object.keys(before) as ProvenanceDifference['what'][];
  return names.flatMap((what) => (before[what] === now[what] ? [] : [{ what, before: before[what], now: now[what] }]));
}
