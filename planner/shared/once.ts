/**
 * Makes a value when it is first asked for, and keeps it.
 *
 * Schemas are exported this way: workflows share the planner's modules, whose exports the sandbox freezes, and a
 * frozen zod schema can't parse. What a closure holds is shared too, but not frozen.
 */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
