import { resolve } from 'node:path';
import {
  backendNames,
  ModelJobError,
  modelSpecFromPreset,
  type ModelAccessJobRequestInput,
  type ModelJobKind,
} from '../../planner/index.js';
import type { CliIo } from './io.js';
import { readJson } from './read-json.js';

/** What a command line says of a request. */
export interface RequestFlags {
  preset?: string;
  kind?: ModelJobKind;
  backend?: string;
  input?: string[];
  inputFile?: string[];
  id?: string;
}

/** Flags that only make sense with `--preset`. */
const presetFlags = ['kind', 'backend', 'input', 'inputFile'] as const;

/**
 * The request that a command line names: a file (or stdin), or one built from a preset. It is not checked yet.
 *
 * @throws ModelJobError `InvalidArgument`, `NotFound` for a file or preset that does not exist
 */
export async function requestOf(io: CliIo, file: string | undefined, flags: RequestFlags): Promise<unknown> {
  if (file === undefined) return buildRequest(flags);
  const extra = (['preset', ...presetFlags] as const).find((flag) => flags[flag] !== undefined);
  if (extra) throw usage(`--${dashed(extra)} builds a request, and \`${file}\` is one already: give one of the two`);
  const request = await readJson(io, file, 'request');
  return flags.id === undefined || !isObject(request) ? request : { ...request, id: flags.id };
}

/**
 * A request from a preset.
 *
 * @throws ModelJobError `InvalidArgument` for flags that are missing or wrong, `NotFound` for an unknown preset
 */
export function buildRequest(flags: RequestFlags): ModelAccessJobRequestInput {
  const { preset, kind, backend = 'onnx', input = [], inputFile = [], id } = flags;
  if (preset === undefined) throw usage('give a request file, - for stdin, or --preset and --kind');
  if (kind === undefined) throw usage('--preset needs --kind: what shall be done with the model?');
  return {
    ...(id === undefined ? {} : { id }),
    kind,
    spec: modelSpecFromPreset(preset),
    backend: parseBackend(backend),
    inputs: [
      ...input.map((text) => ({ kind: 'json' as const, value: { text } })),
      ...inputFile.map((path) => ({ kind: 'localPath' as const, value: resolve(path) })),
    ],
  };
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
