import { z } from 'zod';
import { jsonAnswer, type Answer } from './answers.js';
import { apiEntry } from './api-entries.js';
import { targetOf, type Context } from './context.js';
import { HubProblem } from './problems.js';

const bodySchema = z.object({ paths: z.array(z.string()), expand: z.boolean().nullish() });

/** `POST /api/models/{repo}/paths-info/{revision}`: the entries of the paths that are there, in their order. */
export async function answerPathsInfo(context: Context): Promise<Answer> {
  const { snapshot } = await targetOf(context);
  const { paths, expand } = await readQuestion(context);
  const found = paths.flatMap((path) => snapshot.entries.get(path.replace(/\/$/, '')) ?? []);
  return jsonAnswer(found.map((entry) => apiEntry(entry, snapshot, expand ?? false)));
}

async function readQuestion(context: Context): Promise<z.infer<typeof bodySchema>> {
  const body = await context.readBody();
  const type = String(context.headers['content-type'] ?? '');
  const parsed = bodySchema.safeParse(type.startsWith('application/json') ? parseJson(body) : parseForm(body));
  if (!parsed.success) {
    throw new HubProblem(400, undefined, `Invalid body: ${z.prettifyError(parsed.error)}`);
  }
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HubProblem(400, undefined, 'Invalid body: it is not JSON');
  }
}

/** The Python library asks with a form. */
function parseForm(text: string): unknown {
  const form = new URLSearchParams(text);
  return { paths: form.getAll('paths'), expand: form.get('expand')?.toLowerCase() === 'true' };
}
