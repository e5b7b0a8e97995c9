import type { Command } from 'commander';
import {
  ModelJobError,
  type StoreCommand,
  type StoreListing,
  type StoreRemoval,
  type VerifiedBundle,
} from '../../../planner/index.js';
import { printJson, printLine } from '../io.js';
import { renderListing, renderRemoval, renderVerification } from '../render/store.js';
import type { Cli } from './cli-state.js';
import { jsonOption } from './options.js';

/** `cache`: the bundles and partial downloads on this machine's disk. Needs no server. */
export function addCacheCommand(program: Command, cli: Cli): void {
  const cache = program
    .command('cache')
    .description('list, verify and remove bundles and partial downloads on this disk');
  cache
    .command('list')
    .description('list bundles, and what interrupted downloads left')
    .addOption(jsonOption('the list'))
    .action(() => ask<StoreListing>(cli, { action: 'list' }, renderListing));
  cache
    .command('verify')
    .description('check bundles against their manifests; exits with 1 when one is not valid')
    .argument('[names...]', 'bundles, as NAME or NAME@REVISION; by default all')
    .option('--quick', 'compare size and time of change only')
    .addOption(jsonOption('what was found'))
    .action((names: string[], { quick = false }: { quick?: boolean }) =>
      ask<VerifiedBundle[]>(cli, { action: 'verify', names, quick }, renderVerification),
    );
  cache
    .command('remove')
    .description('remove bundles, or what interrupted downloads left; the hub cache keeps its files')
    .argument('[names...]', 'bundles, as NAME or NAME@REVISION')
    .option('--partials', 'remove what interrupted downloads left')
    .addOption(jsonOption('what was removed'))
    .action((names: string[], { partials = false }: { partials?: boolean }) => {
      if (names.length === 0 && !partials) {
        throw new ModelJobError('InvalidArgument', 'name the bundles to remove, or give --partials');
      }
      return ask<StoreRemoval>(cli, { action: 'remove', names, partials }, renderRemoval);
    });
}

async function ask<Answer>(cli: Cli, command: StoreCommand, render: (answer: Answer) => string): Promise<void> {
  const { askStore } = await import('../../processes/store-process.js');
  const { answer, exitCode } = await askStore<Answer>(command, cli.io.env);
  if (cli.json) printJson(cli.io, answer);
  else printLine(cli.io, render(answer));
  cli.exitCode = exitCode;
}
