import { z } from 'zod';

const nodeError = z.looseObject({
  class_type: z.string().optional(),
  errors: z
    .array(z.looseObject({ message: z.string(), details: z.string().optional(), extra_info: z.unknown().optional() }))
    .default([]),
});

/** `node_errors` is a list where there are none: the server writes `[]` for a request without a prompt. */
const nodeErrors = z.union([z.record(z.string(), nodeError), z.array(z.unknown()).transform(() => ({}))]).default({});

/** A workflow that waits; `node_errors` are of outputs that are left out. */
export const queuedSchema = z.object({ prompt_id: z.string(), node_errors: nodeErrors });

export const refusalSchema = z.object({
  error: z.union([
    z.string().transform((message) => ({ message, details: undefined })),
    z.looseObject({ message: z.string(), details: z.string().optional() }),
  ]),
  node_errors: nodeErrors,
});

/** By the prompt's id, once it has ended. */
export const historySchema = z.record(
  z.string(),
  z.looseObject({
    outputs: z.record(z.string(), z.record(z.string(), z.json())).default({}),
    status: z
      .looseObject({
        status_str: z.string().nullish(),
        completed: z.boolean().nullish(),
        messages: z.array(z.tuple([z.string(), z.record(z.string(), z.unknown())])).nullish(),
      })
      .nullish(),
  }),
);

/** Entries are lists whose second item is the prompt's id. */
export const queueSchema = z.object({
  queue_running: z.array(z.array(z.unknown())),
  queue_pending: z.array(z.array(z.unknown())),
});

export type NodeErrors = Record<string, z.infer<typeof nodeError>>;
export type HistoryEntry = z.infer<typeof historySchema>[string];
/** A file that the server keeps: in its folder of outputs, or a temporary one. */
export type ServerFile = { filename: string; subfolder: string; type: string };

/** The server's answer to a workflow that it does not take. */
export type Refusal = z.infer<typeof refusalSchema>;

/** What `/system_stats` says, as far as it is read. */
export const systemSchema = z.looseObject({ system: z.looseObject({ comfyui_version: z.string().nullish() }) });
