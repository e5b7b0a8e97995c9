import { z } from 'zod';
import { ModelJobError } from '../../planner/index.js';

/** A hub's API: where it is, and a `fetch` whose answers are all good ones. */
export interface HubApi {
  endpoint: string;
  fetch: (url: URL, init?: { method: string; headers: Record<string, string>; body: string }) => Promise<Answer>;
}

/** A good answer; `text` is JSON. */
export interface Answer {
  text: string;
  header: (name: string) => string | null;
}

/** The most pages of a listing: one of 1,000 files a page is larger than any repository may be. */
const mostPages = 10_000;

const entrySchema = z.object({
  type: z.string(),
  path: z.string(),
  size: z.int().nonnegative().nullish(),
  oid: z.string().nullish(),
  xetHash: z.string().nullish(),
  lfs: z.object({ oid: z.string(), size: z.int().nonnegative().nullish() }).nullish(),
});

const infoSchema = z.object({
  sha: z.string().nullish(),
  siblings: z.array(z.object({ rfilename: z.string() })).nullish(),
});

/** An entry of `paths-info` or `tree`: a file or a folder. */
export type ApiEntry = z.infer<typeof entrySchema>;

/** What a hub knows of a revision: its commit, and the names of its files. */
export type RevisionInfo = z.infer<typeof infoSchema>;

/**
 * @param expand the one field that is asked for; all of them by default
 * @throws ModelJobError as {@link HubApi.fetch}; `Io` with `details.unserved` for JSON of another kind
 */
export async function revisionInfo(api: HubApi, repo: string, revision: string, expand?: 'sha'): Promise<RevisionInfo> {
  const url = new URL(`${api.endpoint}/api/models/${repo}/revision/${encodeURIComponent(revision)}`);
  if (expand) url.searchParams.set('expand', expand);
  return read(infoSchema, await api.fetch(url), url);
}

/** Those of the paths that a commit has. @throws as {@link revisionInfo} */
export async function pathsInfo(
  api: HubApi,
  repo: string,
  commit: string,
  paths: readonly string[],
): Promise<ApiEntry[]> {
  const url = new URL(`${api.endpoint}/api/models/${repo}/paths-info/${encodeURIComponent(commit)}`);
  const headers = { accept: 'application/json', 'content-type': 'application/json' };
  return read(
    z.array(entrySchema),
    await api.fetch(url, { method: 'POST', headers, body: JSON.stringify({ paths }) }),
    url,
  );
}

/**
 * All entries of a commit. They come in pages: of a `Link` to the next one its query counts alone, for a proxy may leave
 * its own name, path and scheme out of it (RFC 8288 lets it be relative).
 *
 * @throws as {@link revisionInfo}
 */
export async function treeOf(api: HubApi, repo: string, commit: string): Promise<ApiEntry[]> {
  const first = new URL(`${api.endpoint}/api/models/${repo}/tree/${encodeURIComponent(commit)}?recursive=true`);
  const entries: ApiEntry[] = [];
  const seen = new Set<string>();
  for (let url: URL | undefined = first; url;) {
    if (seen.has(url.search) || seen.size === mostPages) {
      throw new ModelJobError('Io', `the hub at ${url.host} lists the files of ${repo} for ever`, { retryable: false });
    }
    seen.add(url.search);
    const answer: Answer = await api.fetch(url);
    entries.push(...read(z.array(entrySchema), answer, url));
    url = nextPage(answer.header('link') ?? '', url);
  }
  return entries;
}

function nextPage(link: string, from: URL): URL | undefined {
  const target = link.split(/,\s*(?=<)/).flatMap((one) => {
    const [, address, parameters] = /^\s*<([^>]*)>(.*)$/.exec(one) ?? [];
    return address !== undefined && /;\s*rel\s*=\s*"?next\b/i.test(parameters ?? '') ? [address] : [];
  })[0];
  if (target === undefined || !URL.canParse(target, from.href)) return undefined;
  const next = new URL(from);
  next.search = new URL(target, from).search;
  return next;
}

/** JSON of another kind is an answer to another question: this one is not served. */
function read<T extends z.ZodType>(schema: T, { text }: Answer, url: URL): z.output<T> {
  const { success, data } = schema.safeParse(JSON.parse(text));
  if (success) return data;
  throw new ModelJobError('Io', `the hub at ${url.host} sent other JSON than the hub's for \`${url.pathname}\``, {
    retryable: false,
    details: { unserved: true },
  });
}
