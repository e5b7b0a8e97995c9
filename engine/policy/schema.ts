import { z } from 'zod';
import { argumentRuleSchema } from './argument-rule.js';

/** A program that jobs may run, and how. */
const commandRulesSchema = z.strictObject({
  /** A name on the worker's PATH, an absolute path, or a folder by its absolute path: every program in it. */
  program: z.string().refine((program) => /^\/|^[^/\0]+$/.test(program), {
    error: 'expected a name, or an absolute path',
  }),
  /** What its arguments are, place by place: what no rule names is refused. `"any"` allows all. */
  args: z.union([z.literal('any'), z.array(argumentRuleSchema)]),
});

/** What jobs may run on a worker, as its operator wrote it (`MODEL_JOBS_POLICY`). */
export const policySchema = z.strictObject({ commands: z.array(commandRulesSchema) });

export type CommandPolicy = z.output<typeof policySchema>;
export type CommandRules = z.output<typeof commandRulesSchema>;

/** A command that jobs may run: by name or path with any arguments (`MODEL_JOBS_COMMANDS`), or by rules. */
export type AllowedCommand = string | CommandRules;
