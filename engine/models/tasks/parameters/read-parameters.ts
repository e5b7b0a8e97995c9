import { z } from 'zod';
import { ModelJobError, nearestName, parseWith, type JsonValue } from '../../../../planner/index.js';

/**
 * Reads parameters by their shape, with its defaults. One that is `null` and one that is absent mean the same, but where
 * `null` has a meaning of its own.
 *
 * @throws ModelJobError `InvalidArgument` that names the parameter: one that is not known with the nearest that is, one
 *   of another type with its value
 */
export function readParameters<T extends z.ZodRawShape>(
  shape: T,
  given: Readonly<Record<string, JsonValue>>,
): z.output<z.ZodObject<T>> {
  const problems = Object.keys(given).flatMap((name) => (Object.hasOwn(shape, name) ? [] : [unknown(name, shape)]));
  if (problems.length > 0) {
    const list = problems.map(({ path, message }) => `${path}: ${message}`);
    throw new ModelJobError('InvalidArgument', list.join('; '), { problems });
  }
  const told = Object.entries(given).filter(([name, value]) => value !== null || takesNull(shape, name));
  return parseWith(z.object(shape), Object.fromEntries(told), 'options.parameters');
}

function unknown(name: string, shape: z.ZodRawShape): { path: string; message: string } {
  const known = Object.keys(shape);
  const nearest = nearestName(name, known);
  const hint = nearest === undefined ? '' : `, did you mean ${nearest}?`;
  const all = known.length === 0 ? 'none are taken' : `known are ${known.join(', ')}`;
  return { path: `options.parameters.${name}`, message: `unknown parameter${hint || ';'} ${all}` };
}

function takesNull(shape: z.ZodRawShape, name: string): boolean {
  const schema = shape[name];
  return schema !== undefined && z.safeParse(schema, null).success;
}
