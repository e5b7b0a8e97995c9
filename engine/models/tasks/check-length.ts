import { ModelJobError, type JsonValue } from '../../../planner/index.js';
import { inputLimits } from './limits.js';

/**
 * Checks that no text in an input is too long.
 *
 * @param path where the value stands in the input, for the message
 * @throws ModelJobError `ResourceLimit`
 */
export function checkLength(value: JsonValue, path = ''): void {
  if (typeof value === 'string') checkText(value, path);
  else if (Array.isArray(value)) value.forEach((item, index) => checkLength(item, `${path}[${index}]`));
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) checkLength(inner, path === '' ? key : `${path}.${key}`);
  }
}

function checkText(text: string, path: string): void {
  // A character has three bytes at most.
  if (text.length * 3 <= inputLimits.textBytes) return;
  const bytes = Buffer.byteLength(text);
  if (bytes <= inputLimits.textBytes) return;
  const message = `the text has ${bytes} bytes, more than one may have (${inputLimits.textBytes}): cut it into parts`;
  const problems = [{ path, message }];
  throw new ModelJobError('ResourceLimit', path === '' ? message : `${path}: ${message}`, { problems });
}
