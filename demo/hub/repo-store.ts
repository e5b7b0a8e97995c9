import { statSync } from 'node:fs';
import { ModelJobError } from '../../planner/index.js';
import type { RepoOptions } from './options.js';
import { takeSnapshot, type Snapshot } from './snapshot.js';

/** The repos of a hub and what their revisions stand for. */
export interface RepoStore {
  get: (repo: string) => RepoOptions | undefined;
  set: (repo: string, options: RepoOptions) => void;
  /** The snapshot of a branch, tag, `refs/…` name, `HEAD` or whole commit id; undefined where there is none. */
  snapshot: (repo: string, revision: string) => Promise<Snapshot | undefined>;
}

interface Repo {
  options: RepoOptions;
  /** By folder; taken once and kept until the repo is set again. */
  snapshots: Map<string, Promise<Snapshot>>;
  /** Every commit that this repo ever stood at. */
  commits: Map<string, Snapshot>;
}

/**
 * Keeps repos by id.
 *
 * @throws ModelJobError `InvalidArgument` from `set` where a folder is missing.
 */
export function createRepoStore(repos: Record<string, RepoOptions>): RepoStore {
  const kept = new Map<string, Repo>();
  const set = (id: string, options: RepoOptions): void => {
    checkFolders(id, options);
    kept.set(id, { options, snapshots: new Map(), commits: kept.get(id)?.commits ?? new Map<string, Snapshot>() });
  };
  Object.entries(repos).forEach(([id, options]) => set(id, options));
  return {
    get: (id) => kept.get(id)?.options,
    set,
    snapshot: async (id, revision) => {
      const repo = kept.get(id);
      return repo && findSnapshot(repo, revision);
    },
  };
}

function checkFolders(id: string, options: RepoOptions): void {
  for (const folder of Object.values(foldersOf(options))) {
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
      throw new ModelJobError('InvalidArgument', `repo "${id}": "${folder}" is not a folder; give one that exists`);
    }
  }
}

async function findSnapshot(repo: Repo, revision: string): Promise<Snapshot | undefined> {
  if (/^[0-9a-f]{40}$/.test(revision)) {
    return repo.commits.get(revision) ?? (await findCommit(repo, revision));
  }
  const folders = foldersOf(repo.options);
  const name = revision === 'HEAD' ? 'main' : revision.replace(/^refs\/(heads|tags)\//, '');
  return Object.hasOwn(folders, name) ? snapshotOf(repo, folders[name]!) : undefined;
}

/** A commit that was learnt elsewhere, for instance from this hub before it was started again. */
async function findCommit(repo: Repo, commit: string): Promise<Snapshot | undefined> {
  await Promise.all(Object.values(foldersOf(repo.options)).map((folder) => snapshotOf(repo, folder)));
  return repo.commits.get(commit);
}

async function snapshotOf(repo: Repo, folder: string): Promise<Snapshot> {
  const taken = repo.snapshots.get(folder) ?? takeSnapshot(folder, repo.options.lfs ?? lfsByDefault);
  repo.snapshots.set(folder, taken);
  try {
    const snapshot = await taken;
    repo.commits.set(snapshot.commit, snapshot);
    return snapshot;
  } catch (error) {
    repo.snapshots.delete(folder);
    throw error;
  }
}

function foldersOf({ folder, revisions }: RepoOptions): Record<string, string> {
  return { main: folder, ...revisions };
}

/** The file types that the hub's own `.gitattributes` sends to LFS, the ones of models. */
const binary = /\.(bin|ckpt|gguf|h5|msgpack|onnx|onnx_data|pb|pt|pth|safetensors|tflite|zip|gz|npy|npz|parquet)$/;

const lfsSizeBytes = 10 * 1024 * 1024;

function lfsByDefault(path: string, sizeBytes: number): boolean {
  return sizeBytes >= lfsSizeBytes || binary.test(path);
}
