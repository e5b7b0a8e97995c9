import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Pooling } from '../pooling.js';

/** The file in which Sentence Transformers keeps a model's pooling. */
const poolingFile = join('1_Pooling', 'config.json');

const poolingConfig = z.object({
  pooling_mode_cls_token: z.boolean().default(false),
  pooling_mode_lasttoken: z.boolean().default(false),
});

/** How a model was trained to pool; the mean where its bundle does not say. */
export async function poolingOf(filesDirectory: string): Promise<Pooling> {
  const text = await readFile(join(filesDirectory, poolingFile), 'utf8').catch(() => '{}');
  const config = poolingConfig.parse(JSON.parse(text));
  if (config.pooling_mode_cls_token) return 'cls';
  return config.pooling_mode_lasttoken ? 'last_token' : 'mean';
}
