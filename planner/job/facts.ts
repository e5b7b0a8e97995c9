import type { ArtifactRef } from '../request/artifact.js';
import type { ModelIdentity } from '../model/identity.js';
import type { RowCounts } from './row-counts.js';
import type { DeviceFacts } from './device.js';
import type { FallbackFacts } from './fallback.js';
import type { Provenance, Version } from './provenance.js';
import type { OutputMetadata } from './truncation.js';

/**
 * What activities report to workflows. Facts are small whatever the size of the work: long lists stay on
 * disk as an artifact, for a payload holds 2 MB and every byte stays in the history.
 */

/** Any JSON value. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** How many artifacts a result lists itself; above it they are one artifact, a JSON file of `ArtifactRef`s. */
export const maxListedArtifacts = 100;

/** A bundle that is on the worker's disk. Paths are absolute, sizes in bytes. */
export interface BundleFacts {
  bundleRoot: string;
  manifestPath: string;
  /** The commit that the hub resolved the revision to; null for a bundle that is not from a hub. */
  commit: string | null;
  /** Number of files. */
  files: number;
  bytesTotal: number;
  /** Bytes that came over the network, and bytes that were in the cache or the bundle already. */
  bytesFetched: number;
  bytesReused: number;
  /** The files' artifacts in the manifest's order (or the one artifact that lists them), then the manifest's. */
  artifacts: ArtifactRef[];
  /** What was pinned; absent in the facts of earlier versions, here and below. */
  model?: ModelIdentity;
  /** What the artifacts come from. */
  provenance?: Provenance;
}

/**
 * One fault of a bundle: of a file against the manifest, or of the manifest against the request (`source`, `commit`, and
 * files that are `missing` in it).
 */
export interface BundleProblem {
  path: string;
  problem: 'missing' | 'size' | 'sha256' | 'modified' | 'unlisted' | 'source' | 'commit';
  expected: string | number | null;
  found: string | number | null;
}

/** What a validation found. `files` and `bytes` count what was checked. */
export interface ValidationFacts {
  valid: boolean;
  files: number;
  bytes: number;
  problems: BundleProblem[];
  /** What was wrong and is right now, where the request asked for repair. */
  repaired?: BundleProblem[];
  /** Artifacts of the `localPath` inputs, `input-{index}`. */
  inputArtifacts: ArtifactRef[];
  /** The manifest's, where there is a bundle. */
  manifestArtifact: ArtifactRef | null;
  /** The bundle that was checked. */
  model?: ModelIdentity;
  provenance?: Provenance;
}

/** A runtime that is loaded and has run: the evidence of a warmup. Times in milliseconds. */
export interface WarmupFacts extends DeviceFacts {
  loadMs: number;
  firstRunMs: number;
  secondRunMs: number;
  /** Whether the runtime was loaded already, so that `loadMs` is that of the earlier load. */
  alreadyLoaded: boolean;
  /** The input that was run. */
  sample: JsonValue;
  /** The digest of the model's files; null for a model without files. */
  bundleDigest: string | null;
  /** SHA-256 of the sample's output as JSON. */
  outputDigest: string;
  /** Processes that hold the model now, and their resident memory in bytes. */
  processes: number;
  memoryBytes: number;
  /** What ran: the stand-in where there was one. */
  model?: ModelIdentity;
  provenance?: Provenance;
  /** What stood in for the model, where it could not be had. */
  fallback?: FallbackFacts;
}

/** What an inference came to: outputs in the order of the inputs, or only the artifact where they are large. */
export interface InferenceFacts extends DeviceFacts {
  inputCount: number;
  outputs: JsonValue[] | null;
  artifact: ArtifactRef;
  /** What is told of outputs, by their places; those of which there is nothing to tell have none. */
  metadata?: ({ index: number } & OutputMetadata)[];
  /** How many inputs were cut; the list above may be shorter. */
  truncated?: number;
  /** Files that the model made; many are one artifact that lists them. */
  files?: ArtifactRef[];
  /** Whether the model was loaded before, so that `loadMs` is 0. */
  alreadyLoaded: boolean;
  loadMs: number;
  runMs: number;
  /** What ran: the stand-in where there was one. */
  model?: ModelIdentity;
  provenance?: Provenance;
  /** What stood in for the model, where it could not be had. */
  fallback?: FallbackFacts;
}

/** A data set cut into shards. The list of shards stays on disk, in `folder`. */
export interface ShardPlan {
  /** The folder of the job's run: index, shards, outputs. */
  folder: string;
  /** That of the batch whose failed rows are run again. */
  base?: string;
  rows: number;
  shards: number;
  shardSize: number;
  /** The model of every shard, pinned. */
  model?: ModelIdentity;
  /** What stands in for the request's model, where it could not be had. */
  fallback?: FallbackFacts;
}

/** One shard that is done: each of its rows stands in its output or in its error file. */
export interface ShardFacts extends RowCounts, DeviceFacts {
  shard: number;
  /** What ran the model; absent for a shard that was finished before. */
  backend?: Version;
  /** What stood in for the model, where it could not be had. */
  fallback?: FallbackFacts;
}

/** A row that failed. */
export interface RowError {
  index: number;
  customId: string | null;
  /** Where it came from: `/data/in.jsonl:7`. */
  source?: string;
  code: string;
  message: string;
}

/** What a batch that ends before its end leaves: the list of its finished shards, and some of the rows that failed. */
export interface BatchExcerpt {
  artifacts: ArtifactRef[];
  errors: RowError[];
  provenance?: Provenance;
}

/** The end of a batch: the ordered output and error files, or the shards that are not there any more. */
export interface BatchFacts {
  artifacts: ArtifactRef[];
  succeeded: number;
  failed: number;
  /** Rows of which the model saw a part only. */
  truncated?: number;
  missingShards: number[];
  provenance?: Provenance;
}

/** A command that ended with status 0. Its whole output is in the artifacts where the text was cut. */
export interface CommandFacts {
  status: number;
  /** The end of what it wrote, and how much it wrote in all, in bytes, where that was more than is here. */
  stdout: string;
  stdoutBytes?: number;
  stderr: string;
  stderrBytes?: number;
  durationMs: number;
  /** The program that ran. */
  model?: ModelIdentity;
  provenance?: Provenance;
  artifacts: ArtifactRef[];
}
