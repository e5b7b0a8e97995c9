import { availableParallelism } from 'node:os';
import { delimiter, resolve } from 'node:path';
import { z } from 'zod';
import type { ActivityConfig } from '../activities/config.js';
import { rootOf } from '../engine/storage/index.js';
import { dataFolder } from '../engine/workspace/layout.js';
import { memoryLimit } from '../system/memory/memory-limit.js';
import { defaultRetryLimits, defaultTaskQueue, ModelJobError, parseWith } from '../planner/index.js';
import { hubEnvironment, hubTokenFile, readHubSettings } from './hub-settings.js';
import { policyFiles, readPolicySettings } from './policy-settings.js';
import { readBackendSettings } from './runtime-settings.js';
import { secretFilesOf } from './secret-files.js';
import { readSigningSettings } from './signing-settings.js';

/** Everything that a worker takes from its environment, read once. */
export interface WorkerConfig {
  taskQueue: string;
  activities: ActivityConfig;
  /** Activities that run at once. */
  maxActivities: number;
  /** Seconds between the end of the drain's patience and the end of the process. */
  shutdownSeconds: number;
  logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
}

/** What a worker in a process of its own takes beyond that. */
export interface WorkerProcessConfig extends WorkerConfig {
  /** The permissions that others don't get on what the worker writes, as of `umask`. */
  umask: number;
}

const environmentSchema = z.object({
  MODEL_JOBS_HOME: z.string().default('.model-jobs'),
  MODEL_JOBS_TASK_QUEUE: z.string().default(defaultTaskQueue),
  MODEL_JOBS_ROOTS: z.string().optional(),
  MODEL_JOBS_POLICY: z.string().optional(),
  MODEL_JOBS_COMMANDS: z.string().default(''),
  MODEL_JOBS_PASS_ENV: z
    .string()
    .regex(/^\w+(?::\w+)*$/, { error: 'expected names of variables, as in "A:B"' })
    .optional(),
  MODEL_JOBS_MAX_ACTIVITIES: z.coerce.number().int().min(1).max(1000).default(16),
  MODEL_JOBS_MAX_CONNECTIONS: z.coerce.number().int().min(1).max(256).default(32),
  MODEL_JOBS_UNVERIFIED: z.enum(['allow', 'refuse']).default('allow'),
  MODEL_JOBS_RETRY_SECONDS: z.coerce.number().min(1).max(604_800).default(defaultRetryLimits.faultSeconds),
  MODEL_JOBS_UNREACHABLE_SECONDS: z.coerce.number().min(1).max(604_800).default(defaultRetryLimits.unreachableSeconds),
  MODEL_JOBS_MODEL_PROCESSES: z.coerce.number().int().min(1).max(256).optional(),
  MODEL_JOBS_MODEL_MEMORY_MB: z.coerce.number().int().min(1).optional(),
  MODEL_JOBS_MODEL_TIMEOUT_SECONDS: z.coerce.number().min(1).max(86_400).default(600),
  MODEL_JOBS_RUNTIMES: z.string().default(''),
  MODEL_JOBS_SIGNING_KEY: z.string().optional(),
  MODEL_JOBS_TRUST: z.string().optional(),
  MODEL_JOBS_SHUTDOWN_SECONDS: z.coerce.number().min(1).max(3600).default(20),
  MODEL_JOBS_UMASK: z
    .string()
    .regex(/^0?[0-7]{3}$/, { error: 'expected three octal digits, such as "077" or "022"' })
    .default('077'),
  MODEL_JOBS_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info'),
  ...hubEnvironment,
});

/**
 * The worker's configuration.
 *
 * @param env `process.env`; an empty variable counts as one that is not set
 * @throws ModelJobError `InvalidArgument` that names each bad variable, `InvalidUri` for a root on storage of another kind
 */
export function readWorkerConfig(env: NodeJS.ProcessEnv): WorkerProcessConfig {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const values = parseWith(environmentSchema, set, 'environment');
  const home = resolve(values.MODEL_JOBS_HOME);
  const roots =
    values.MODEL_JOBS_ROOTS === undefined
      ? [dataFolder(home)]
      : list(values.MODEL_JOBS_ROOTS).map((root) => rootOf(root, 'MODEL_JOBS_ROOTS'));
  const policy = readPolicySettings(values.MODEL_JOBS_POLICY);
  const cores = availableParallelism();
  return {
    taskQueue: values.MODEL_JOBS_TASK_QUEUE,
    activities: {
      home,
      roots,
      secretFiles: [...secretFilesOf(env, hubTokenFile(values, env)), ...policyFiles(policy, values.MODEL_JOBS_POLICY)],
      secrets: policy.secrets,
      maxCommands: policy.concurrent,
      commands: [...policy.commands, ...list(values.MODEL_JOBS_COMMANDS)],
      hub: {
        ...readHubSettings(values, env),
        refuseUnverified: values.MODEL_JOBS_UNVERIFIED === 'refuse',
        maxConnections: values.MODEL_JOBS_MAX_CONNECTIONS,
      },
      retries: {
        faultSeconds: values.MODEL_JOBS_RETRY_SECONDS,
        unreachableSeconds: values.MODEL_JOBS_UNREACHABLE_SECONDS,
      },
      signing: readSigningSettings(values),
      runtime: {
        cores,
        processes: values.MODEL_JOBS_MODEL_PROCESSES ?? cores,
        memoryBytes: values.MODEL_JOBS_MODEL_MEMORY_MB ? values.MODEL_JOBS_MODEL_MEMORY_MB * 1e6 : memoryLimit() / 2,
        timeoutMs: values.MODEL_JOBS_MODEL_TIMEOUT_SECONDS * 1000,
        modules: modulesOf(values.MODEL_JOBS_RUNTIMES),
        settings: readBackendSettings(set),
      },
    },
    maxActivities: values.MODEL_JOBS_MAX_ACTIVITIES,
    shutdownSeconds: values.MODEL_JOBS_SHUTDOWN_SECONDS,
    umask: Number.parseInt(values.MODEL_JOBS_UMASK, 8),
    logLevel: values.MODEL_JOBS_LOG_LEVEL,
  };
}

/** Runtimes as `backend=path`, separated as in PATH. */
function modulesOf(text: string): Record<string, string> {
  return Object.fromEntries(
    list(text).map((item) => {
      const at = item.indexOf('=');
      if (at > 0 && at < item.length - 1) return [item.slice(0, at), resolve(item.slice(at + 1))];
      throw new ModelJobError('InvalidArgument', `MODEL_JOBS_RUNTIMES: expected backend=path, received "${item}"`);
    }),
  );
}

/** A list as PATH has it: separated by `:` (`;` on Windows). The colon of a URI's scheme separates nothing. */
function list(text: string): string[] {
  return text
    .split(delimiter === ':' ? /:(?!(?<=(?:^|:)[a-z][a-z0-9+.-]+:)\/\/)/i : delimiter)
    .filter((item) => item !== '');
}
