import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import {
  modelMetadata,
  outputArtifactId,
  type BatchFacts,
  type ModelAccessJobRequest,
  type ShardPlan,
} from '../../planner/index.js';
import { fileArtifact, temporaryName, writeFileAtomic } from '../job-files.js';
import { currentReporter } from '../reporter.js';
import { isShardPublished } from './output/shards.js';
import { linesOf } from './lines.js';
import { isErrorLine } from './row-line.js';
import { shardPath } from './shard-index.js';

export interface AssembleBatch {
  request: ModelAccessJobRequest;
  plan: ShardPlan;
}

/**
 * Puts the shards together, in the order of the data set: `output.jsonl` with what succeeded, `errors.jsonl` with what
 * failed, and `_SUCCESS.json` last. Shards that are not there are reported, so that they can be run again.
 */
export async function assembleBatch({ request, plan }: AssembleBatch): Promise<BatchFacts> {
  const missingShards = await findMissing(plan);
  if (missingShards.length > 0) return { artifacts: [], succeeded: 0, failed: 0, missingShards };
  const { signal } = currentReporter();
  const folder = dirname(plan.folder);
  const outputs = openLines(join(folder, 'output.jsonl'));
  const errors = openLines(join(folder, 'errors.jsonl'));
  try {
    await copyShards(plan, outputs, errors);
    await Promise.all([outputs.publish(), errors.publish()]);
  } catch (error) {
    await Promise.all([outputs.discard(), errors.discard()]);
    throw error;
  }
  const facts = {
    id: '',
    kind: 'json' as const,
    mediaType: 'application/x-ndjson',
    metadata: modelMetadata(request.spec, request.backend),
  };
  const artifacts = [
    await fileArtifact(outputs.path, { ...facts, id: outputArtifactId(request, 'output') }, signal),
    await fileArtifact(errors.path, { ...facts, id: outputArtifactId(request, 'errors') }, signal),
  ];
  const counts = { succeeded: outputs.count(), failed: errors.count() };
  await writeFileAtomic(
    join(folder, '_SUCCESS.json'),
    `${JSON.stringify({ rows: plan.rows, ...counts, artifacts })}\n`,
  );
  return { artifacts, ...counts, missingShards: [] };
}

async function findMissing(plan: ShardPlan): Promise<number[]> {
  const missing: number[] = [];
  for (let shard = 0; shard < plan.shards; shard++) {
    if (!(await isShardPublished(plan, shard))) missing.push(shard);
  }
  return missing;
}

async function copyShards(plan: ShardPlan, outputs: LineFile, errors: LineFile): Promise<void> {
  const { signal, report } = currentReporter();
  for (let shard = 0; shard < plan.shards; shard++) {
    for await (const lines of linesOf(shardPath(plan.folder, shard), { signal })) {
      await Promise.all([
        errors.write(lines.filter(isErrorLine)),
        outputs.write(lines.filter((line) => !isErrorLine(line))),
      ]);
    }
    report({ completed: shard + 1, total: plan.shards, unit: 'shards', message: 'putting the shards together' });
  }
}

/** A file of lines that gets its name when it is whole. */
interface LineFile {
  path: string;
  write(lines: readonly string[]): Promise<void>;
  count(): number;
  publish(): Promise<void>;
  discard(): Promise<void>;
}

function openLines(path: string): LineFile {
  const temporary = temporaryName(path);
  const stream = createWriteStream(temporary, { flush: true, highWaterMark: 1 << 20 });
  let count = 0;
  return {
    path,
    async write(lines) {
      if (lines.length === 0) return;
      count += lines.length;
      if (!stream.write(`${lines.join('\n')}\n`)) await once(stream, 'drain');
    },
    count: () => count,
    async publish() {
      stream.end();
      await finished(stream);
      await rename(temporary, path);
    },
    async discard() {
      stream.destroy();
      await rm(temporary, { force: true });
    },
  };
}
