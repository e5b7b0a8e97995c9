import { Option, type Command } from 'commander';
import type { z } from 'zod';
import {
  ModelJobError,
  storeListingSchema,
  storeRemovalSchema,
  verifiedBundlesSchema,
  type StoreCommand,
} from '../../../planner/index.js';
import { printJson, printLine } from '../io.js';
import { renderListing, renderRemoval, renderVerification } from '../render/store.js';
import type { Cli } from './cli-state.js';
import { jsonOption, parseDays } from './options.js';

/** `cache`: the bundles and partial downloads on this machine's disk. Needs no server. */
export function addCacheCommand(program: Command, cli: Cli): void {
  const cache = program
    .command('cache')
    .description('list, verify and remove bundles, partial downloads and earlier runs on this disk');
  cache
    .command('list')
    .description('list bundles with their users, what interrupted downloads left, and earlier runs of jobs')
    .addOption(jsonOption('the list'))
    .action(() => ask(cli, { action: 'list' }, storeListingSchema(), renderListing));
  cache
    .command('verify')
    .description('check bundles against their manifests; exits with 1 when one is not valid')
    .argument('[names...]', 'bundles, as NAME or NAME@REVISION; by default all')
    .option('--quick', 'compare size and time of change only')
    .addOption(jsonOption('what was found'))
    .action((names: string[], { quick = false }: { quick?: boolean }) =>
      ask(cli, { action: 'verify', names, quick }, verifiedBundlesSchema(), renderVerification),
    );
  cache
    .command('prune')
    .description('remove models that no name leads to and no job needs, and earlier runs of jobs')
    .addOption(new Option('--days <n>', 'keep what was used or changed since').argParser(parseDays).default(7))
    .option('--dry-run', 'say what would go, and remove nothing')
    .addOption(jsonOption('what was removed'))
    .action(({ days, dryRun = false }: { days: number; dryRun?: boolean }) =>
      ask(cli, { action: 'prune', days, dryRun }, storeRemovalSchema(), (removal) =>
        renderRemoval(removal, dryRun ? 'would remove' : 'removed'),
      ),
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
      return ask(cli, { action: 'remove', names, partials }, storeRemovalSchema(), renderRemoval);
    });
}

async function ask<T extends z.ZodType>(
  cli: Cli,
  command: StoreCommand,
  schema: T,
  render: (answer: z.output<T>) => string,
): Promise<void> {
  const { askWorker } = await import('../../processes/ask-worker.js');
  const { answer, exitCode } = await askWorker('cache', command, schema, cli.io.env);
  if (cli.json) printJson(cli.io, answer);
  else printLine(cli.io, render(answer));
  cli.exitCode = exitCode;
}
