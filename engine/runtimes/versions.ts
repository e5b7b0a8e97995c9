import { backendName } from '../../planner/index.js';
import { packageVersion } from '../../system/files/package-version.js';
import { allowedProgram, locateProgram } from '../commands/allow-list.js';
import { programVersion } from '../commands/program-version.js';
import type { ModelVersion, VersionQuestion } from '../models/contract/registry.js';
import { comfyApi } from './comfy-ui/api.js';
import { predictionSource } from './imported/source.js';
import { parseTemplate } from './program/template.js';

/** The rules are this product's. */
export function heuristicVersion(): Promise<ModelVersion> {
  return Promise.resolve({ label: 'heuristic', version: `model-jobs ${packageVersion('model-jobs') ?? ''}`.trim() });
}

/** The bytes of the file of predictions. */
export async function predictionsVersion({ request, settings, sha256 }: VersionQuestion): Promise<ModelVersion> {
  const { path } = await predictionSource({ options: { predictions: request.options?.predictions }, settings });
  return { label: 'imported', version: `predictions sha256:${await sha256(path)}` };
}

/** The bytes of a request's program, and of those files that its arguments name by absolute paths: its script. */
export async function commandVersion(question: VersionQuestion): Promise<ModelVersion | undefined> {
  const { spec, options } = question.request;
  if (spec.source.kind !== 'external_command') return undefined;
  const program = await allowedProgram(spec.source.command, question.settings.commands);
  const words = [program, ...(options?.command?.args ?? [])];
  return { label: spec.source.command, version: await programVersion(words, question.sha256) };
}

/** The same of an operator's command line. */
export async function templateVersion(question: VersionQuestion): Promise<ModelVersion | undefined> {
  const text = question.settings.programs[backendName(question.request.backend)];
  if (text === undefined) return undefined;
  const { program: name, words } = parseTemplate(text);
  const program = await locateProgram(name);
  const fixed = words.flatMap((word) => (word.every((part) => typeof part === 'string') ? [word.join('')] : []));
  if (program === undefined) return undefined;
  return { label: name, version: await programVersion([program, ...fixed], question.sha256) };
}

/** What the server says of itself: its nodes and models are its own. */
export async function comfyUiVersion({ settings, signal }: VersionQuestion): Promise<ModelVersion | undefined> {
  if (settings.comfyUiUrl === undefined) return undefined;
  const version = await comfyApi(settings.comfyUiUrl).version(signal);
  return { label: 'comfyui', version: `ComfyUI ${version ?? 'of an unknown version'}` };
}
