import { ModelJobError } from '../../../planner/index.js';
import { JsonText } from '../contract/json-text.js';
import type { ModelOutput } from '../contract/model-runtime.js';

/**
 * An output, or the error of its input where a number in it is none: JSON has no NaN and no infinity, and a score that
 * is one says that the model failed.
 */
export function finiteOutput(output: ModelOutput): ModelOutput {
  const value = output instanceof JsonText ? output.value : output;
  const place = value instanceof ModelJobError ? undefined : notFiniteIn(value, '');
  if (place === undefined) return output;
  const where = place === '' ? 'the output' : `\`${place}\` of the output`;
  return new ModelJobError('Failed', `the model gave NaN or an infinity: ${where} is not a finite number`, {
    retryable: false,
  });
}

/** Where in a value the first number stands that is not finite. */
function notFiniteIn(value: unknown, path: string): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : path;
  if (typeof value !== 'object' || value === null) return undefined;
  if (isList(value)) return notFiniteElement(value, path);
  for (const key in value) {
    const found = notFiniteIn((value as Record<string, unknown>)[key], path === '' ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isList(value: object): value is ArrayLike<unknown> {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

function notFiniteElement(list: ArrayLike<unknown>, path: string): string | undefined {
  for (let at = 0; at < list.length; at++) {
    const element = list[at];
    if (typeof element === 'number' && Number.isFinite(element)) continue;
    const found = notFiniteIn(element, `${path}[${at}]`);
    if (found !== undefined) return found;
  }
  return undefined;
}
