import type { FallbackFacts, ModelAccessJobRequest } from '../../planner/index.js';
import { runtimeFor, type RuntimeRegistry } from '../models/contract/registry.js';

/** A request as its stand-in runs it: of its parameters those that the stand-in takes. */
export function asStandIn(
  runtimes: RuntimeRegistry,
  request: ModelAccessJobRequest,
  { used }: FallbackFacts,
): { request: ModelAccessJobRequest; ignored: string[] } {
  const { options, spec } = request;
  const shape = runtimeFor(runtimes, used).parameters?.(spec.task);
  const given = Object.entries(options?.parameters ?? {});
  const isTaken = ([name]: [string, unknown]): boolean => !shape || Object.hasOwn(shape, name);
  return {
    request: {
      ...request,
      backend: used,
      options: { ...options, parameters: Object.fromEntries(given.filter(isTaken)) },
    },
    ignored: given.filter((entry) => !isTaken(entry)).map(([name]) => name),
  };
}
