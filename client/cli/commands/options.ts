import { InvalidArgumentError, Option, type Command } from 'commander';
import { backendNames, jobKinds, type ModelJobKind } from '../../../planner/index.js';
import { idReusePolicies, type IdReusePolicy } from '../../jobs/id-reuse.js';
import type { StartOptions } from '../../jobs/start-job.js';
import type { RequestFlags } from '../build-request.js';

const kindNames = Object.keys(jobKinds) as ModelJobKind[];

/** `--json`. */
export function jsonOption(what = 'the result'): Option {
  return new Option('--json', `print ${what} as JSON on stdout, and nothing else there`);
}

/**
 * The argument and options that name a request: a file, or a preset or repository and what to do with it.
 *
 * @param named what `--id` names
 */
export function addRequestOptions(command: Command, named = 'job'): Command {
  return command
    .argument('[request]', 'request as a JSON file, or - for stdin')
    .option('--preset <name>', 'build the request from a preset (see `model-jobs presets`)')
    .option('--repo <owner/name>', 'build the request from a repository of the hub: all of its files')
    .option('--revision <name>', 'branch, tag or commit of --repo; default: main')
    .option('--task <name>', 'what the model of --repo is for, where a job runs it')
    .option('--include <pattern>', "only files that match, such as '*.onnx'; may be repeated", collect)
    .option('--exclude <pattern>', 'no files that match; may be repeated', collect)
    .addOption(kindOption('what to do with the model'))
    .option('--backend <name>', `what runs the model: ${backendNames.join(', ')}`)
    .option('--input <text>', 'text to run through the model; may be repeated', collect)
    .option('--input-file <path>', 'file as input, such as a JSONL data set; may be repeated', collect)
    .option('--id <id>', `id of the ${named}`);
}

/** The options that say what becomes of an id which has a job already. */
export function addStartOptions(command: Command): Command {
  return command
    .option('--join', 'take the job of this id that is running already, where it is one of the same request')
    .addOption(
      new Option(
        '--id-reuse <policy>',
        'when the job of this id has ended: run a new one, refuse, or give the old result of the same request',
      )
        .choices(idReusePolicies)
        .default('allow' satisfies IdReusePolicy),
    );
}

/** What `addStartOptions` parses. */
export type StartFlags = Pick<StartOptions, 'join' | 'idReuse'>;

/** What `addRequestOptions` parses. */
export type RequestOptions = RequestFlags;

/** `--kind`, in any of its spellings: `BatchInference`, `batch-inference`, `model-batch-inference`. */
export function kindOption(description: string): Option {
  const kinds = kindNames.map((kind) => jobKinds[kind].kindString.replace(/^model-/, ''));
  return new Option('--kind <kind>', `${description}: ${kinds.join(', ')}`).argParser(parseKind);
}

/** A whole number above zero. */
export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Expected a whole number above zero.');
  return Number(text);
}

/** A port, or 0 for any that is free. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('Expected a port from 0 to 65535.');
  return port;
}

function parseKind(text: string): ModelJobKind {
  const wanted = plain(text);
  const kind = kindNames.find((name) => [plain(name), plain(jobKinds[name].kindString)].includes(wanted));
  if (!kind) throw new InvalidArgumentError(`Expected one of ${kindNames.join(', ')}.`);
  return kind;
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[-_]/g, '');
}

/** Gathers the values of an option that may be repeated. */
export function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

/** Days, also parts of one. */
export function parseDays(text: string): number {
  if (!/^\d{1,5}(?:\.\d{1,3})?$/.test(text))
    throw new InvalidArgumentError('Expected a number of days such as 7 or 0.5.');
  return Number(text);
}
