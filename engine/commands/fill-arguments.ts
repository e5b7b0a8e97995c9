import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelJobError, type ModelAccessJobRequest, type ModelJobInput } from '../../planner/index.js';
import { pathOfUri, type PathGuard } from '../workspace/paths.js';
import { fillTemplate } from './template/fill-template.js';
import { modelFilesOf } from './template/model-files.js';
import { parseArgument } from './template/parse-argument.js';
import { placeholdersOf, type Placeholder, type Template } from './template/template.js';

/** What placeholders may stand for. */
export interface ArgumentSources {
  request: ModelAccessJobRequest;
  paths: PathGuard;
  /** Folder of the model's files; undefined for a job without. */
  bundle: string | undefined;
  /** The job's folder, and where an input becomes a file. */
  output: string;
  own: string;
  /** What a program may compute with. */
  threads: number;
}

/**
 * The arguments of a request's command, with the placeholders of command templates filled.
 *
 * @throws ModelJobError `InvalidArgument` for a placeholder that there is not, or that has no value
 */
export async function fillArguments(args: readonly string[], sources: ArgumentSources): Promise<string[]> {
  const { request, bundle, output, threads } = sources;
  const template: Template = { program: '', words: args.map((word, index) => wordOf(word, index)) };
  const placeholders = placeholdersOf(template);
  if (placeholders.length === 0) return fillTemplate(template, unused);
  const files = await modelFilesOf(template, bundle === undefined ? undefined : { filesDirectory: bundle });
  const input = await onlyInput(placeholders, sources);
  return fillTemplate(template, {
    model: (path = '') => files.get(path) ?? '',
    bundle: () => bundle ?? '',
    input: () => input?.path ?? '',
    text: () => input?.text ?? refuse('{text}: the input has no text'),
    output,
    threads,
    parameters: request.options?.parameters ?? {},
  });
}

/** Of a template without placeholders. */
const unused = {
  ...{ model: () => '', bundle: () => '', input: () => '', text: () => '' },
  ...{ output: '', threads: 0, parameters: {} },
};

function wordOf(word: string, index: number): Template['words'][number] {
  try {
    return parseArgument(word);
  } catch (error) {
    if (!(error instanceof ModelJobError)) throw error;
    return refuse(`options.command.args[${index}]: ${error.detail}`);
  }
}

interface OnlyInput {
  path: string;
  text: string | undefined;
}

/** The job's input, where a placeholder names it. */
async function onlyInput(
  placeholders: readonly Placeholder[],
  { request, paths, own }: ArgumentSources,
): Promise<OnlyInput | undefined> {
  const named = placeholders.find(({ name }) => name === 'input' || name === 'text');
  if (!named) return undefined;
  if (named.argument !== undefined) refuse(`{input:${named.argument}}: only the backends' templates have forms`);
  const [input] = request.inputs;
  if (!input || request.inputs.length > 1)
    return refuse(`{${named.name}} stands for the only input, and there are ${request.inputs.length}`);
  return asFile(input, { paths, own });
}

async function asFile(
  input: ModelJobInput,
  { paths, own }: Pick<ArgumentSources, 'paths' | 'own'>,
): Promise<OnlyInput> {
  const field = 'inputs[0].value';
  if (input.kind === 'localPath') return { path: await paths.resolve(input.value, field), text: undefined };
  if (input.kind === 'artifact') {
    const path = await paths.resolve(pathOfUri(input.value.uri, `${field}.uri`), `${field}.uri`);
    return { path, text: undefined };
  }
  const { value } = input;
  const isText = typeof value === 'string';
  const path = join(own, isText ? 'input.txt' : 'input.json');
  await writeFile(path, isText ? value : JSON.stringify(value));
  const member = typeof value === 'object' && value !== null && 'text' in value ? value.text : undefined;
  return { path, text: isText ? value : typeof member === 'string' ? member : undefined };
}

function refuse(detail: string): never {
  throw new ModelJobError('InvalidArgument', detail);
}
