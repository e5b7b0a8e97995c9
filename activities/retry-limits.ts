import { z } from 'zod';
import type { RetryLimits } from '../planner/index.js';

const asking = z.object({ options: z.object({ retrySeconds: z.number() }) });
const holding = z.object({ request: asking });

/**
 * How long the request lets its activities try; undefined where it says nothing.
 *
 * @param input of the activity: the request, or an object that holds it
 */
export function requestedLimits(input: unknown): RetryLimits | undefined {
  const request = asking.safeParse(input).data ?? holding.safeParse(input).data?.request;
  if (!request) return undefined;
  const { retrySeconds } = request.options;
  return { faultSeconds: retrySeconds, unreachableSeconds: retrySeconds };
}
