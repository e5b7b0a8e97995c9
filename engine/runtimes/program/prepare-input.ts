import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelJobError, type JsonValue, type ModelTask } from '../../../planner/index.js';
import type { PathGuard } from '../../workspace/paths.js';
import { taskDefinition } from '../../models/tasks/index.js';
import { programBackend } from './backends.js';
import { inForm } from './convert-input.js';
import { parseInputForm } from '../../commands/template/input-form.js';
import { placeholdersOf, type Template } from '../../commands/template/template.js';

/** Fields of an input that name its file. */
const fileFields = ['path', 'audio', 'image', 'video', 'file'] as const;

export interface PreparedInput {
  /** The file that the input names, or one with its text or JSON, in this form of the template's. Absolute. */
  path: (form: string | undefined) => string;
  /** @throws ModelJobError `InvalidArgument` for an input that has no text */
  text: () => string;
}

/**
 * Makes an input a file: the one that it names, else `input.txt` or `input.json` in `folder`; and that a file of each
 * form that the template names.
 *
 * @throws ModelJobError `PermissionDenied` outside the roots, `NotFound`, `InvalidArgument` for what can't be decoded
 */
export async function prepareInput(
  input: JsonValue,
  task: ModelTask,
  { paths, folder, backend, template }: { paths: PathGuard; folder: string; backend: string; template: Template },
): Promise<PreparedInput> {
  const text = textOf(input);
  const named = await namedFile(input, task, paths);
  const path = named ?? (await written(input, folder));
  const files = new Map<string | undefined, string>();
  for (const { name, argument } of placeholdersOf(template)) {
    if (name !== 'input') continue;
    const form = argument === undefined ? programBackend(backend)?.input : parseInputForm(argument);
    files.set(argument, named !== undefined && form ? await inForm(named, form, folder) : path);
  }
  return {
    path: (form) => files.get(form) ?? path,
    text() {
      if (text !== undefined) return text;
      throw new ModelJobError('InvalidArgument', 'the input has no text: it must be a string or have `text`');
    },
  };
}

function textOf(input: JsonValue): string | undefined {
  if (typeof input === 'string') return input;
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return undefined;
  return typeof input['text'] === 'string' ? input['text'] : undefined;
}

async function namedFile(input: JsonValue, task: ModelTask, paths: PathGuard): Promise<string | undefined> {
  const [field, path] = fileOf(input, task) ?? [];
  if (field === undefined || path === undefined) return undefined;
  // Checked again: a task of its own may hold any JSON.
  const real = await paths.resolve(path, field);
  const found = await stat(real).catch(() => undefined);
  if (found?.isFile()) return real;
  throw new ModelJobError('NotFound', `${field}: \`${path}\` is not a file`);
}

function fileOf(input: JsonValue, task: ModelTask): [field: string, path: string] | undefined {
  if (typeof input === 'string') {
    const { media, text } = taskDefinition(task);
    return media !== undefined && text !== true ? ['input', input] : undefined;
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return undefined;
  for (const field of fileFields) {
    const path = input[field];
    if (typeof path === 'string') return [field, path];
  }
  return undefined;
}

async function written(input: JsonValue, folder: string): Promise<string> {
  const isText = typeof input === 'string';
  const path = join(folder, isText ? 'input.txt' : 'input.json');
  await writeFile(path, isText ? input : JSON.stringify(input));
  return path;
}
