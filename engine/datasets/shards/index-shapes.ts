import { z } from 'zod';

const count = z.int().min(0);

/**
 * A place between two lines of a source: the byte at which the next line begins, the CRC-32 of the source's bytes up to
 * there, and the number of that line, from 1.
 */
const markSchema = z.tuple([count, count, z.int()]);

/** A run of rows in one source, by its bytes. */
const partSchema = z.object({
  /** Index into the index's sources. */
  source: count,
  /** Byte offsets; `end` is not included. */
  start: count,
  end: count,
  /** Marks from `start` to `end`, by which the bytes between two of them are known again. Plans of old have none. */
  marks: z.array(markSchema).min(2).optional(),
});

/** One shard: rows `firstRow` to `firstRow + rows - 1` of the data set. */
const shardSchema = z.object({ firstRow: count, rows: count, parts: z.array(partSchema) });

const versionSchema = z.object({
  sizeBytes: count,
  modifiedMs: z.number().optional(),
  inode: z.number().optional(),
  etag: z.string().optional(),
  versionId: z.string().optional(),
});

const sourceSchema = z.object({
  /** A file of lines: an absolute path or `s3://…`. */
  location: z.string(),
  /** The version of the file that was planned; none for a file of the batch's own. */
  version: versionSchema.optional(),
  /** Where the rows came from that are copied into a file of the batch's own. */
  copyOf: z
    .object({
      /** The file that the caller named; for values of the request itself `inputs`. */
      location: z.string(),
      /** `lines`: the same lines, by the same numbers; `rows`: a place and a row, or what is wrong with it, a line. */
      form: z.enum(['lines', 'rows']),
      /** Its version; none for values of the request. */
      version: versionSchema.optional(),
    })
    .optional(),
});

/** A data set cut into shards, kept in the batch's folder: it can be far larger than a payload. */
export const shardIndexSchema = z.object({
  /** Plans of old have locations alone. */
  sources: z.array(z.union([sourceSchema, z.string().transform((location): RowSource => ({ location }))])),
  shards: z.array(shardSchema),
  /** Where the check of each row is; plans of old have none. */
  checks: z.string().optional(),
});

export type Mark = z.infer<typeof markSchema>;
export type ShardPart = z.infer<typeof partSchema>;
export type Shard = z.infer<typeof shardSchema>;
export type RowSource = z.infer<typeof sourceSchema>;
export type ShardIndex = z.infer<typeof shardIndexSchema>;
