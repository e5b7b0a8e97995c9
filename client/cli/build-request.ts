import { resolve } from 'node:path';
import {
  backendNames,
  ModelJobError,
  modelSpecFromPreset,
  taskNames,
  type ModelAccessJobRequestInput,
  type ModelJobKind,
} from '../../planner/index.js';
import type { CliIo } from './io.js';
import { readJson } from './read-json.js';

/** What a command line says of a request. */
export interface RequestFlags {
  preset?: string;
  repo?: string;
  revision?: string;
  task?: string;
  include?: string[];
  exclude?: string[];
  kind?: ModelJobKind;
  backend?: string;
  input?: string[];
  inputFile?: string[];
  id?: string;
}

/** Flags that build a request. */
const requestFlags = [
  'preset',
  'repo',
  'revision',
  'task',
  'include',
  'exclude',
  'kind',
  'backend',
  'input',
  'inputFile',
] as const;

/** Kinds that only move files: what the model is for does not matter to them. */
const fileKinds: readonly ModelJobKind[] = ['Download', 'MaterializeBundle', 'ValidateBundle'];

/** What such a job says that a model is for. */
const noTask = { custom: 'unspecified' };

/**
 * The request that a command line names: a file (or stdin), or one built from a preset or a repository. It is not checked
 * yet.
 *
 * @throws ModelJobError `InvalidArgument`, `NotFound` for a file or preset that does not exist
 */
export async function requestOf(io: CliIo, file: string | undefined, flags: RequestFlags): Promise<unknown> {
  if (file === undefined) return buildRequest(flags);
  const extra = requestFlags.find((flag) => flags[flag] !== undefined);
  if (extra) throw usage(`--${dashed(extra)} builds a request, and \`${file}\` is one already: give one of the two`);
  const request = await readJson(io, file, 'request');
  return flags.id === undefined || !isObject(request) ? request : { ...request, id: flags.id };
}

/**
 * A request from a preset, or from a repository of the hub.
 *
 * @throws ModelJobError `InvalidArgument` for flags that are missing or wrong, `NotFound` for an unknown preset
 */
export function buildRequest(flags: RequestFlags): ModelAccessJobRequestInput {
  const { preset, repo, kind, backend = 'onnx', input = [], inputFile = [], id } = flags;
  const named = preset === undefined ? 'repo' : 'preset';
  if (preset === undefined && repo === undefined) {
    throw usage('give a request file, - for stdin, or --preset or --repo, and --kind');
  }
  if (preset !== undefined && repo !== undefined)
    throw usage('--preset and --repo each name a model: give one of the two');
  if (kind === undefined) throw usage(`--${named} needs --kind: what shall be done with the model?`);
  return {
    ...(id === undefined ? {} : { id }),
    kind,
    spec: preset === undefined ? specOfRepo(repo ?? '', kind, flags) : modelSpecFromPreset(preset),
    backend: parseBackend(backend),
    inputs: [
      ...input.map((text) => ({ kind: 'json' as const, value: { text } })),
      ...inputFile.map((path) => ({ kind: 'localPath' as const, value: resolve(path) })),
    ],
    ...optionsOf(flags),
  };
}

function specOfRepo(
  repo: string,
  kind: ModelJobKind,
  { revision = 'main', task }: RequestFlags,
): ModelAccessJobRequestInput['spec'] {
  if (task === undefined && !fileKinds.includes(kind))
    throw usage(`--repo needs --task for ${kind}: what is the model for?`);
  const source = { kind: 'hugging_face' as const, repo_id: repo, revision };
  return { name: repo, task: task === undefined ? noTask : parseTask(task), source, files: [] };
}

/** Without a pattern all files of a repository are meant; a preset names its files. */
function optionsOf({ repo, include, exclude }: RequestFlags): Pick<ModelAccessJobRequestInput, 'options'> {
  if (repo === undefined && !include && !exclude) return {};
  const wanted = include ?? (repo === undefined ? undefined : ['*']);
  return { options: { ...(wanted ? { include: wanted } : {}), ...(exclude ? { exclude } : {}) } };
}

function parseTask(name: string): ModelAccessJobRequestInput['spec']['task'] {
  return taskNames.find((known) => known === name) ?? { custom: name };
}

function parseBackend(name: string): ModelAccessJobRequestInput['backend'] {
  return backendNames.find((known) => known === name) ?? { custom: name };
}

function usage(detail: string): ModelJobError {
  return new ModelJobError('InvalidArgument', detail);
}

function dashed(flag: string): string {
  return flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
