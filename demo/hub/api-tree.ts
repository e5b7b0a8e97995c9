import { jsonAnswer, type Answer } from './answers.js';
import { apiEntry } from './api-entries.js';
import { targetOf, type Context } from './context.js';
import { entryNotFound, HubProblem } from './problems.js';
import type { Snapshot, SnapshotFile, SnapshotFolder } from './snapshot.js';

const defaultPageSize = 1000;

/**
 * `GET /api/models/{repo}/tree/{revision}[/{path}]` with `recursive`, `expand`, `limit` and `cursor`; the next
 * page is in the `Link` header.
 */
export async function answerTree(context: Context): Promise<Answer> {
  const { route, options } = context;
  const { snapshot } = await targetOf(context);
  const listed = listFolder(snapshot, route.path ?? '', route.revision ?? 'main', isTrue(route.query.get('recursive')));
  const first = readCursor(route.query.get('cursor'));
  const last = first + pageSize(route.query.get('limit'), options.pageSize ?? defaultPageSize);
  const page = listed.slice(first, last).map((entry) => apiEntry(entry, snapshot, isTrue(route.query.get('expand'))));
  return jsonAnswer(page, last < listed.length ? { Link: `<${nextPage(context, last)}>; rel="next"` } : {});
}

function listFolder(
  snapshot: Snapshot,
  folder: string,
  revision: string,
  recursive: boolean,
): (SnapshotFile | SnapshotFolder)[] {
  if (folder !== '' && snapshot.entries.get(folder)?.type !== 'directory') {
    throw entryNotFound(`${folder} does not exist on "${revision}"`, snapshot.commit);
  }
  const prefix = folder === '' ? '' : `${folder}/`;
  return [...snapshot.entries.values()].filter(
    ({ path }) => path.startsWith(prefix) && (recursive || !path.includes('/', prefix.length)),
  );
}

function isTrue(value: string | null): boolean {
  return value === 'true' || value === '1';
}

function pageSize(limit: string | null, largest: number): number {
  const asked = Number(limit ?? largest);
  if (!Number.isInteger(asked) || asked < 1) {
    throw new HubProblem(400, undefined, `Invalid limit: "${limit ?? ''}", give a positive integer`);
  }
  return Math.min(asked, largest);
}

function nextPage({ url, route }: Context, from: number): string {
  const segments = [...(route.repo ?? '').split('/'), 'tree', route.revision ?? 'main'];
  const path = [...segments, ...(route.path ?? '').split('/')].map(encodeURIComponent).join('/');
  const query = new URLSearchParams(route.query);
  query.set('cursor', Buffer.from(JSON.stringify({ from })).toString('base64url'));
  return `${url}/api/models/${path}?${query.toString()}`;
}

function readCursor(cursor: string | null): number {
  if (cursor === null) {
    return 0;
  }
  const from = Number(/^\{"from":(\d+)\}$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1]);
  if (Number.isNaN(from)) {
    throw new HubProblem(400, undefined, `Invalid cursor: "${cursor}", take it from the Link header`);
  }
  return from;
}
