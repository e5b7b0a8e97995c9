import { ModelJobError } from '../../../../planner/index.js';
import { generation } from '../../../models/tasks/parameters/generation.js';

const writing = Object.keys(generation);

/**
 * The parameters of speech recognition that a family of networks obeys.
 *
 * @param type `model_type` of the network's configuration
 * @returns undefined for Whisper, which obeys all
 */
export function obeyedBy(type: string): readonly string[] | undefined {
  if (type.includes('whisper')) return undefined;
  if (type === 'moonshine') return writing;
  return type === 'cohere_asr' ? ['language', ...writing] : [];
}

/**
 * Refuses what would be ignored.
 *
 * @throws ModelJobError `InvalidArgument` that names the first parameter which the network does not obey
 */
export function refuseOthers(parameters: Readonly<Record<string, unknown>>, obeyed: readonly string[]): void {
  const asked = Object.keys(parameters).filter((key) => parameters[key] !== undefined && parameters[key] !== false);
  const name = asked.find((key) => !obeyed.includes(key));
  if (name === undefined) return;
  const path = `options.parameters.${name}`;
  const message = `this model does not know it; it takes ${obeyed.length > 0 ? obeyed.join(', ') : 'no parameters'}`;
  throw new ModelJobError('InvalidArgument', `${path}: ${message}`, { problems: [{ path, message }] });
}
