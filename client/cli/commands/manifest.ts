import type { Command } from 'commander';
import { runSurfaceOperation } from '../../../planner/index.js';
import { requestOf } from '../build-request.js';
import { printJson } from '../io.js';
import type { Cli } from './cli-state.js';
import { addRequestOptions, jsonOption, type RequestOptions } from './options.js';

/** `manifest`: the job manifest of a request (the crate's `model.jobManifest`). Needs no server. */
export function addManifestCommand(program: Command, cli: Cli): void {
  addRequestOptions(program.command('manifest').description('print the job manifest of a request, without a server'))
    .addOption(jsonOption('the manifest (as always)'))
    .action((file: string | undefined, options: RequestOptions) => showManifest(cli, file, options));
}

async function showManifest({ io }: Cli, file: string | undefined, options: RequestOptions): Promise<void> {
  const { value } = runSurfaceOperation({ operation: 'model.jobManifest', input: await requestOf(io, file, options) });
  printJson(io, value['manifest']);
}
