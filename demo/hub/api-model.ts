import { createHash } from 'node:crypto';
import { jsonAnswer, type Answer } from './answers.js';
import { apiSibling } from './api-entries.js';
import { targetOf, type Context, type Target } from './context.js';
import { commitDate } from './git-objects.js';

/** `GET /api/models/{repo}[/revision/{revision}]`, with `blobs=true` for sizes and `expand=…` for single fields. */
export async function answerModelInfo(context: Context): Promise<Answer> {
  const { query } = context.route;
  const info = modelInfo(await targetOf(context), query.get('blobs') === 'true');
  const expand = [...query.getAll('expand'), ...query.getAll('expand[]')];
  return jsonAnswer(expand.length > 0 ? pickFields(info, ['_id', 'id', ...expand]) : info);
}

function modelInfo({ id, repo, snapshot }: Target, blobs: boolean): Record<string, unknown> {
  const files = [...snapshot.entries.values()].filter((entry) => entry.type === 'file');
  return {
    _id: createHash('sha1').update(id).digest('hex').slice(0, 24),
    id,
    modelId: id,
    author: id.includes('/') ? id.split('/')[0] : undefined,
    sha: snapshot.commit,
    createdAt: commitDate,
    lastModified: commitDate,
    private: isOn(repo.private),
    gated: isOn(repo.gated) ? 'manual' : false,
    disabled: false,
    downloads: 0,
    likes: 0,
    tags: [],
    usedStorage: files.reduce((sum, { size }) => sum + size, 0),
    siblings: files.map((file) => apiSibling(file, blobs)),
  };
}

function isOn(rule: boolean | string[] | undefined): boolean {
  return rule !== undefined && rule !== false;
}

function pickFields(value: Record<string, unknown>, fields: string[]): Record<string, unknown> {
  return Object.fromEntries(
    fields.filter((field) => Object.hasOwn(value, field)).map((field) => [field, value[field]]),
  );
}
