import { ModelJobError } from '../../planner/index.js';
import type { PathCheck } from './check-value.js';
import { findAllowed } from './find-allowed.js';
import { matchArguments } from './match-arguments.js';
import type { AllowedCommand, CommandRules } from './schema.js';

/** A command as a request has it. */
export interface AskedCommand {
  /** A name, looked up on the worker's PATH, or a path. */
  command: string;
  args: readonly string[];
}

/** A command that may run. */
export interface AdmittedCommand {
  /** Absolute path. */
  program: string;
  /** As the program gets them: paths that a rule names are in full. */
  args: readonly string[];
  /** The rules that admit it, and their place in the policy; undefined where its name alone allows it. */
  rules?: { place: string; rules: CommandRules };
}

/**
 * Holds a request's command against what the worker's operator allowed. Where several rules are for its program, the
 * first counts that admits its arguments.
 *
 * @throws ModelJobError `PermissionDenied` that names the rule and the argument, `Failed` when there is no such program
 */
export async function admitCommand(
  { command, args }: AskedCommand,
  allowed: readonly AllowedCommand[],
  checkPath: PathCheck,
): Promise<AdmittedCommand> {
  const { program, rules } = await findAllowed(command, allowed);
  if (rules.length === 0) return { program, args };
  const refusals: Refusal[] = [];
  for (const one of rules) {
    if (one.rules.args === 'any') return { program, args, rules: one };
    const matched = await matchArguments(one.rules.args, args, checkPath);
    if ('args' in matched) return { program, args: matched.args, rules: one };
    refusals.push({ ...matched, rules: matched.rules.map((rule) => `${one.place}.${rule}`) });
  }
  throw refused(command, args, refusals);
}

interface Refusal {
  index: number;
  rules: string[];
  expected: string[];
}

/** By the rules that went along furthest. */
function refused(command: string, args: readonly string[], refusals: readonly Refusal[]): ModelJobError {
  const index = Math.max(...refusals.map((one) => one.index));
  const nearest = refusals.filter((one) => one.index === index);
  const rules = nearest.flatMap((one) => one.rules);
  const argument = args[index];
  const what = argument === undefined ? 'lacks an argument' : `must not be ${shown(argument)}`;
  return new ModelJobError(
    'PermissionDenied',
    `options.command.args[${index}] ${what}: this worker's policy for \`${command}\` ` +
      `(${rules.join(', ')}) expects ${[...new Set(nearest.flatMap((one) => one.expected))].join(', or ')}`,
    { details: { rules, argument: index } },
  );
}

function shown(argument: string): string {
  const text = JSON.stringify(argument);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
