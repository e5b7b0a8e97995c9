import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { parseWith } from '../planner/index.js';

/** Takes in the variables that whoever started this process tells on its stdin, as JSON: /proc does not show these. */
export async function takeToldEnvironment(): Promise<void> {
  const told: unknown = JSON.parse(await text(process.stdin));
  Object.assign(process.env, parseWith(z.record(z.string(), z.string()), told, 'environment'));
}
