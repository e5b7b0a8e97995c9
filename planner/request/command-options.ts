import { z } from 'zod';
import { once } from '../shared/once.js';

/** Names the fields of an ExternalCommand's options that programs which serve models have too. */
const shared: readonly string[] = ['args', 'timeoutSeconds'];

const exitCodes = once(() => z.array(z.int().min(0).max(255)).min(1));

/** A secret of the worker's, by its name. */
const secretSchema = once(() => z.strictObject({ secret: z.string().min(1) }));

/** How a program runs. */
export const commandOptionsSchema = once(() =>
  z.strictObject({
    /**
     * Arguments, handed to the program without a shell. Those of an ExternalCommand may hold placeholders such as
     * `{model}` (docs/commands.md); `{{model}}` is that text.
     */
    args: z.array(z.string()).nullish(),
    /** Seconds that the program may take. Default: 3600. */
    timeoutSeconds: z.number().positive().max(86_400).nullish(),
    /** ExternalCommand, as all that follow: seconds without a word, before it counts as hung. Default: any. */
    idleTimeoutSeconds: z.number().positive().max(86_400).nullish(),
    /** Folder that it runs in, inside the worker's roots. Default: a folder of the job's own. */
    cwd: z.string().min(1).nullish(),
    /** Variables that are set for it, of those that the worker's policy allows: a text, or a secret of the worker's. */
    env: z.record(z.string(), z.union([z.string(), secretSchema()])).nullish(),
    /** What it reads: the inputs as JSON Lines, a file's bytes, a text, a secret. Default: the inputs. */
    stdin: z
      .union([
        z.literal('inputs'),
        z.strictObject({ path: z.string().min(1) }),
        z.strictObject({ text: z.string() }),
        secretSchema(),
      ])
      .nullish(),
    /** Exit codes that mean success. Default: 0. */
    successExitCodes: exitCodes().nullish(),
    /** Exit codes after which it runs again, in the same folder. Default: none. */
    retryableExitCodes: exitCodes().nullish(),
    /** The most runs, those that end with their worker counted. Default: 5. */
    maxAttempts: z.int().min(1).max(100).nullish(),
    /** Files that it makes in the job's folder, by path or glob (`*.png`, `out/**`): each becomes an artifact. */
    outputs: z.array(z.string().min(1)).max(100).nullish(),
  }),
);

export type CommandOptions = z.infer<ReturnType<typeof commandOptionsSchema>>;

/** Refuses what only a program has that is run once. */
export function checkCommandOptions(
  { kind, options }: { kind: string; options?: { command?: CommandOptions | null | undefined } | null | undefined },
  context: z.core.$RefinementCtx,
): void {
  const command = options?.command;
  if (!command) return;
  const refuse = (field: string, message: string): void =>
    context.addIssue({ code: 'custom', path: ['options', 'command', field], message, input: undefined });
  for (const [field, value] of Object.entries(command)) {
    if (value == null || shared.includes(field) || kind === 'ExternalCommand') continue;
    refuse(field, `only an ExternalCommand has it, and this is ${kind}`);
  }
  const both = command.retryableExitCodes?.filter((code) => (command.successExitCodes ?? [0]).includes(code)) ?? [];
  if (both.length > 0) refuse('retryableExitCodes', `${both.join(', ')} means success`);
}
