import { z } from 'zod';
import { argumentRuleSchema } from './argument-rule.js';
import { limitsSchema } from './limits.js';
import { nameSchema, secretSourceSchema } from './secrets.js';

const variableSchema = nameSchema.regex(/^(?!MODEL_JOBS?_)/, {
  error: 'the worker alone sets MODEL_JOB_… and MODEL_JOBS_…',
});

/** A program that jobs may run, and how. */
const commandRulesSchema = z.strictObject({
  /** A name on the worker's PATH, an absolute path, or a folder by its absolute path: every program in it. */
  program: z.string().refine((program) => /^\/|^[^/\0]+$/.test(program), {
    error: 'expected a name, or an absolute path',
  }),
  /** What its arguments are, place by place: what no rule names is refused. `"any"` allows all. */
  args: z.union([z.literal('any'), z.array(argumentRuleSchema)]),
  /** Names of variables that a request may set. */
  env: z.array(variableSchema).optional(),
  /** Names of the secrets that a request may hand to it. */
  secrets: z.array(nameSchema).optional(),
  /** The most that a run of it may take. */
  limits: limitsSchema.optional(),
});

/** What jobs may run on a worker, as its operator wrote it (`MODEL_JOBS_POLICY`). */
export const policySchema = z
  .strictObject({
    commands: z.array(commandRulesSchema),
    /** Where the secrets are, by the names that requests use. */
    secrets: z.record(nameSchema, secretSourceSchema).default({}),
    /** Commands that run at once on this worker. Default: any number. */
    concurrent: z.int().min(1).optional(),
  })
  .superRefine(({ commands, secrets }, context) => {
    const known = Object.keys(secrets).join(', ') || 'none';
    for (const [index, command] of commands.entries()) {
      for (const [at, name] of (command.secrets ?? []).entries()) {
        if (Object.hasOwn(secrets, name)) continue;
        const message = `there is no such secret, but ${known}`;
        context.addIssue({ code: 'custom', path: ['commands', index, 'secrets', at], message, input: name });
      }
    }
  });

export type CommandPolicy = z.output<typeof policySchema>;
export type CommandRules = z.output<typeof commandRulesSchema>;

/** A command that jobs may run: by name or path with any arguments (`MODEL_JOBS_COMMANDS`), or by rules. */
export type AllowedCommand = string | CommandRules;
