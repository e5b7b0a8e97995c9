import { InvalidArgumentError, Option } from 'commander';
import { failureBeyond, hasNoSuccess, type FailureLimit, type ModelAccessJobResult } from '../../../planner/index.js';
import { exitCodes } from '../exit-codes.js';
import { remark } from '../io.js';
import type { Cli } from './cli-state.js';

/** What `--fail-on-errors` says. */
export interface FailureFlags {
  failOnErrors?: FailureLimit & { text: string };
}

/** `--fail-on-errors`: `0`, `5`, `1%`. */
export function failOnErrorsOption(): Option {
  const what = 'exit with 1 when more rows of a batch failed than this: a number, or a share such as 1%';
  return new Option('--fail-on-errors <most>', what).argParser(parseLimit);
}

/** Exits as for a failed job, where a batch has no row that succeeded, or more that failed than the caller allows. */
export function judgeResult(cli: Cli, { output }: ModelAccessJobResult, { failOnErrors }: FailureFlags): void {
  const beyond = failOnErrors && failureBeyond(output, failOnErrors);
  if (beyond !== undefined) remark(cli.io, `${beyond}, --fail-on-errors allows ${failOnErrors?.text ?? ''}`);
  if (beyond !== undefined || hasNoSuccess(output)) cli.exitCode = exitCodes.jobFailed;
}

function parseLimit(text: string): FailureLimit & { text: string } {
  const [, share] = /^(\d{1,3}(?:\.\d+)?)%$/.exec(text) ?? [];
  if (share !== undefined && Number(share) <= 100) return { share: Number(share) / 100, text };
  if (/^\d{1,9}$/.test(text)) return { rows: Number(text), text };
  throw new InvalidArgumentError('Expected a number of rows such as 5, or a share of them such as 1%.');
}
