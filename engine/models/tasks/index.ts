import { z } from 'zod';
import type { JsonValue, ModelTask } from '../../../planner/index.js';
import type { PathGuard } from '../../workspace/paths.js';
import { audioTasks } from './audio.js';
import { checkLength } from './check-length.js';
import { checkShape } from './check-shape.js';
import { imageTasks } from './image.js';
import { inlineSample, type TaskDefinition } from './definition.js';
import { mediaFile } from './media-file.js';
import { multimodalTasks } from './multimodal.js';
import { textTasks } from './text.js';

/**
 * Checks one input before a runtime sees it, and makes its paths absolute.
 *
 * @throws ModelJobError `InvalidArgument`, `PermissionDenied`, `NotFound`, `ResourceLimit`
 */
export type InputCheck = (input: JsonValue) => Promise<JsonValue>;

const definitions: Readonly<Record<string, TaskDefinition>> = {
  ...textTasks,
  ...imageTasks,
  ...audioTasks,
  ...multimodalTasks,
};

/** A task whose shapes only its model knows: any JSON goes in, any comes out. */
const anyTask: TaskDefinition = { input: z.json(), form: 'any JSON', output: z.json(), sample: inlineSample(null) };

/** What goes into a task and what comes out of it. */
export function taskDefinition(task: ModelTask): TaskDefinition {
  return (typeof task === 'string' ? definitions[task] : undefined) ?? anyTask;
}

/** The check of a task's inputs; a custom task, and one that only makes things, takes any JSON. */
export function inputCheckFor(task: ModelTask, paths: PathGuard): InputCheck {
  const definition = taskDefinition(task);
  if (definition === anyTask) return (input) => Promise.resolve(input);
  return async (input) => {
    checkShape(definition, input);
    checkLength(input);
    return withCheckedFile(definition, input, paths);
  };
}

/** The input with its file checked and its path made absolute. */
async function withCheckedFile(
  { media, text = false }: TaskDefinition,
  input: JsonValue,
  paths: PathGuard,
): Promise<JsonValue> {
  if (media === undefined) return input;
  if (typeof input === 'string') return text ? input : mediaFile(input, media, 'input', paths);
  const path = (input as Record<string, JsonValue>)[media];
  if (typeof path !== 'string') return input;
  return { ...(input as Record<string, JsonValue>), [media]: await mediaFile(path, media, media, paths) };
}
