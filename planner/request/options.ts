import { z } from 'zod';
import { artifactRefSchema } from './artifact.js';
import { commandOptionsSchema } from './command-options.js';
import { jobInputSchema } from './input.js';
import { once } from '../shared/once.js';

const keepSchema = z.union([z.literal('*'), z.boolean(), z.array(z.string().min(1)).min(1)]);

const patternsSchema = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

/**
 * What a caller may choose beside the crate's request. Unknown keys are refused, so that a misspelt
 * option never passes in silence.
 */
export const jobOptionsSchema = once(() =>
  z.strictObject({
    /** Whether files that are missing locally may be fetched from the hub. Default: true. */
    autoDownload: z.boolean().nullish(),
    /**
     * Patterns of which a file of the model must match one, where `spec.files` does not name it: as `allow_patterns` of
     * Python's huggingface_hub. They hold for what patterns in `spec.files` match, else for all files of the source.
     */
    include: patternsSchema.nullish(),
    /** Patterns of files that are left out, as `ignore_patterns`. Files that `spec.files` names stay. */
    exclude: patternsSchema.nullish(),
    /** Whether a bundle that is already there is built again. Default: false. */
    overwrite: z.boolean().nullish(),
    /** ValidateBundle only: whether size and time of change are enough, and nothing is hashed. Default: false. */
    quick: z.boolean().nullish(),
    /** ValidateBundle only: whether what is wrong is fetched or made again, in place. Default: false. */
    repair: z.boolean().nullish(),
    /** Arguments of the model's pipeline, such as `{"top_k": 3}`; handed to the runtime as they are. */
    parameters: z.record(z.string(), z.json()).nullish(),
    /** Inference only: outputs as JSON, or the vectors of all inputs as one NumPy array (`.npy`). Default: json. */
    outputFormat: z.enum(['json', 'npy']).nullish(),
    /**
     * What happens when the model can't be had (the crate's `FallbackPolicy`): `error`, or the built-in heuristic of
     * the task runs in its place, at the first failure and without a download (`fast_fallback`), or once everything
     * was tried (`heuristic_fallback`). Default: error.
     */
    fallback: z.enum(['error', 'fast_fallback', 'heuristic_fallback']).nullish(),
    /** What an input that is not there does: `fail` the job, or let it `skip` its work and succeed. Default: fail. */
    onMissingInput: z.enum(['fail', 'skip']).nullish(),
    /** Seconds that inputs which are not there are waited for, before `onMissingInput` decides. Default: 0. */
    inputWaitSeconds: z.number().positive().max(604_800).nullish(),
    /**
     * Seconds that passing faults are tried again while nothing new comes. Default: as the worker has it, ten minutes,
     * and an hour where the hub can't be reached.
     */
    retrySeconds: z.number().positive().max(604_800).nullish(),
    /**
     * Backend `imported` only: the JSON Lines file of predictions that were made elsewhere, by path on the worker's disk
     * or as an artifact. Each line: `{custom_id?, index?, input?, output}`, or `error: {code, message}` for an output.
     */
    predictions: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('localPath'), value: z.string() }),
        z.strictObject({ kind: z.literal('artifact'), value: artifactRefSchema() }),
      ])
      .nullish(),
    /**
     * Inference and BatchInference: how often an input is run that ends the model's process or takes too long, before it
     * has failed. Default: 3.
     */
    inputTries: z.int().min(1).max(10).nullish(),
    /**
     * Inference and BatchInference: seconds that the model may take for an input, and no longer than the worker lets a
     * call take. Default: as long as that; alone, after a call that took too long, ten times the longest call so far.
     */
    inputTimeoutSeconds: z.number().positive().max(86_400).nullish(),
    /** BatchInference only. */
    batch: z
      .strictObject({
        /** Rows in one call of the model. Default: as many as take about a tenth of a second. */
        batchSize: z.int().min(1).max(4096).nullish(),
        /** Rows in one shard, the unit of retry. Default: chosen from the number of rows. */
        shardSize: z.int().min(1).max(1_000_000).nullish(),
        /** Shards that run at once. Default: 4. */
        concurrency: z.int().min(1).max(64).nullish(),
        /** What a row that can't be read or run does: `record` it in the error file, or `fail` the job. Default: record. */
        onInputError: z.enum(['record', 'fail']).nullish(),
        /** The most rows that may fail, as a count, or below 1 as a share of the rows that are done. Default: all. */
        maxInputErrors: z.number().nonnegative().nullish(),
        /** Folder or `s3://bucket/prefix` of the outputs, which all workers see. Default: the job's folder. */
        output: z.string().nullish(),
        /** How the CSV and TSV files among the inputs are read. */
        csv: z
          .strictObject({
            /** What separates columns, one character of ASCII. Default: a comma; in TSV files a tab. */
            delimiter: z
              .string()
              .regex(/^[\t -~]$/, { error: 'expected one character of ASCII' })
              .nullish(),
            /** What quotes values, one character of ASCII; empty: nothing. Default: `"`; in TSV files nothing. */
            quote: z
              .string()
              .regex(/^[!-~]?$/, { error: 'expected one character of ASCII, or none' })
              .nullish(),
            /** The files' encoding, such as `windows-1252`. Default: UTF-8, or what a byte order mark says. */
            encoding: z.string().min(1).nullish(),
          })
          .nullish(),
        /**
         * The form of the outputs at the end. `openai`: output and error file as OpenAI's Batch API writes them, for
         * the task `text_embedding`. Default: jsonl.
         */
        outputFormat: z.enum(['jsonl', 'parquet', 'openai']).nullish(),
        /**
         * Columns of the input that stand beside the outputs, by name; `"*"` or true: all of them. Rows that failed are
         * then in the error file as they came. Default: none.
         */
        keep: keepSchema.nullish(),
        /**
         * The batch job, and its first run, whose rows are run again that have not succeeded: the outputs hold all of
         * its rows. The request has its inputs; `mended` are rows that take the places of failed ones, by `custom_id`, or
         * by `index` where there is none. `retryFailed` sets it.
         */
        retryOf: z
          .strictObject({ jobId: z.string(), runId: z.string(), mended: z.array(jobInputSchema()).min(1).nullish() })
          .nullish(),
      })
      .nullish(),
    /** ExternalCommand, and backends that run programs: an external model's arguments, the time for one input. */
    command: commandOptionsSchema().nullish(),
  }),
);

export type JobOptions = z.infer<ReturnType<typeof jobOptionsSchema>>;
