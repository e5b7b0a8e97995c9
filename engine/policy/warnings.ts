import { realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import { locateProgram } from './locate-program.js';
import type { AllowedCommand } from './schema.js';

/** Programs that run what their arguments name: code, a script, another program. */
const interpreters =
  /^(?:python|pypy|perl|ruby|php|lua|node|tclsh)[\d.]*$|^(?:ba|da|k|z|c|tc|a|fi)?sh$|^(?:nodejs|deno|bun|npx|uvx?|Rscript|java|pwsh|osascript|[gmn]?awk|busybox|env|xargs|find|sudo|su|nice|nohup|setsid|timeout|ssh|make|vim?|git)$/;

/** What an operator should know of what he allowed, a sentence each. */
export async function policyWarnings(allowed: readonly AllowedCommand[]): Promise<string[]> {
  const warnings = await Promise.all(allowed.map(warningOf));
  return warnings.filter((warning) => warning !== undefined);
}

async function warningOf(entry: AllowedCommand): Promise<string | undefined> {
  const named = typeof entry === 'string' ? entry : entry.program;
  if (typeof entry !== 'string' && entry.args !== 'any') return undefined;
  const program = await locateProgram(named);
  if (program === undefined) return undefined;
  const names = [basename(program), basename(await realpath(program))];
  if (!names.some((name) => interpreters.test(name))) return undefined;
  return `\`${named}\` may run with any arguments, and so run anything: write rules for them in MODEL_JOBS_POLICY`;
}
