import type { JsonValue } from '../../../planner/index.js';

/** The request's `options.parameters`. What a heuristic does not know it leaves alone: it may stand in for a model. */
export type Parameters = Readonly<Record<string, JsonValue>>;

/**
 * A task without a model. Reading the parameters and running an input are two steps, so that a bad parameter fails the
 * batch and a bad input itself alone.
 *
 * @throws ModelJobError `InvalidArgument`, in either step
 */
export type Heuristic = (parameters: Parameters) => (input: JsonValue) => JsonValue | Float32Array;
