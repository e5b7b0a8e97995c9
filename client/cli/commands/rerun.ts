import type { Command } from 'commander';
import { compareOutputs, ModelJobError, parseBatchManifest, type BatchManifest } from '../../../planner/index.js';
import { exitCodes } from '../exit-codes.js';
import { printJson, printLine, remark } from '../io.js';
import { readJson } from '../read-json.js';
import { renderComparison } from '../render/comparison.js';
import { renderResult } from '../render/result.js';
import { statusLine } from '../render/status.js';
import type { Cli } from './cli-state.js';
import { followOwnJob } from './follow-job.js';
import { jsonOption } from './options.js';
import { withClient } from './with-client.js';

interface RerunOptions {
  id?: string;
}

/** `rerun`: makes the outputs of a batch again from its manifest, and compares them. */
export function addRerunCommand(program: Command, cli: Cli): void {
  program
    .command('rerun')
    .description('make the outputs of a batch again, by the model that it pinned; exits with 1 where they differ')
    .argument('<manifest>', "the batch's _SUCCESS.json, or - for stdin")
    .option('--id <id>', 'id of the job; by default that of the batch with -rerun')
    .addOption(jsonOption('the comparison and the result'))
    .action((file: string, options: RerunOptions) => rerun(cli, file, options));
}

async function rerun(cli: Cli, file: string, { id }: RerunOptions): Promise<void> {
  const { io } = cli;
  const manifest = parseBatchManifest(await readJson(io, file, 'manifest'));
  const request = requestOf(manifest, file);
  await withClient(io, async (client) => {
    const handle = await client.start({ ...request, id: id ?? `${request.id ?? 'batch'}-rerun` });
    remark(io, `job ${handle.jobId}`);
    const snapshot = await followOwnJob(io, handle);
    const result = await handle.result();
    const comparison = compareOutputs(manifest, result);
    if (cli.json) printJson(io, { ...comparison, result });
    else {
      const lines = [statusLine(snapshot, Date.now()), renderResult(result), renderComparison(comparison)];
      printLine(io, lines.join('\n'));
    }
    if (!comparison.same) cli.exitCode = exitCodes.jobFailed;
  });
}

/** @throws ModelJobError `InvalidArgument` for the manifest of an earlier version */
function requestOf({ request }: BatchManifest, file: string): NonNullable<BatchManifest['request']> {
  if (request) return request;
  throw new ModelJobError('InvalidArgument', `\`${file}\` names no request: a version before this one made it`);
}
