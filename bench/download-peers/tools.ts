import { access, cp, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa, ExecaError } from 'execa';
import { repoIdOf, type Shape } from './shapes.js';

export const toolNames = ['ours', 'python', 'js', 'hf-hub', 'curl', 'aria2c'] as const;
export type ToolName = (typeof toolNames)[number];

export interface Download {
  url: string;
  shape: Shape;
  /** An empty folder, or our own of the run before. */
  cacheDir: string;
}

export interface Command {
  file: string;
  args: readonly string[];
  env?: Record<string, string>;
}

/** A downloader: a program that prints `{"seconds": …}` in its last line, or else is timed from outside. */
export interface Tool {
  name: ToolName;
  version: string;
  shapes: readonly Shape['name'][];
  command: (download: Download) => Command;
}

const source = (path: string): string =>
  fileURLToPath(new URL(`../../../bench/download-peers/${path}`, import.meta.url));
const built = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const kept = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'model-jobs', 'bench-download');
const every = ['large', 'one', 'small'] as const;
const repos = ['large', 'small'] as const;
const oneFile = ['one'] as const;

const makers: Record<ToolName, () => Promise<Tool>> = { ours, python, js, 'hf-hub': hfHub, curl, aria2c };

/** Makes the tools ready; one that can't be had is told of and left out. */
export async function readyTools(names: readonly ToolName[]): Promise<Tool[]> {
  const tools: Tool[] = [];
  for (const name of names) {
    try {
      const tool = await makers[name]();
      console.log(`${name.padEnd(7)} ${tool.version}`);
      tools.push(tool);
    } catch (error) {
      console.log(`${name.padEnd(7)} is left out: ${whyMissing(error)}`);
    }
  }
  return tools;
}

export function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}

function whyMissing(error: unknown): string {
  return error instanceof ExecaError && error.code === 'ENOENT'
    ? `no ${error.command.split(' ')[0] ?? 'program'} on the PATH`
    : firstLine(error);
}

function ours(): Promise<Tool> {
  const command = ({ url, shape, cacheDir }: Download): Command => ({
    file: process.execPath,
    args: [built('ours.js'), url, repoIdOf(shape), cacheDir, ...shape.paths],
  });
  return Promise.resolve({ name: 'ours', version: 'this build; verifies every hash', shapes: every, command });
}

async function js(): Promise<Tool> {
  const { stdout } = await execa('npm', ['ls', '@huggingface/hub', '--depth=0', '--parseable', '--long'], {
    cwd: source('..'),
  });
  const version = `${stdout.split(':').find((part) => part.startsWith('@huggingface/hub@')) ?? ''} snapshotDownload`;
  const command = ({ url, shape, cacheDir }: Download): Command => ({
    file: process.execPath,
    args: [built('js.js'), url, repoIdOf(shape), cacheDir],
  });
  return { name: 'js', version, shapes: repos, command };
}

async function python(): Promise<Tool> {
  const venv = join(kept, 'venv');
  const file = join(venv, 'bin', 'python');
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (!isThere) await execa('python3', ['-m', 'venv', venv]);
  // Without a registry, an earlier version serves.
  await execa(file, ['-m', 'pip', 'install', '--quiet', '--upgrade', 'huggingface_hub'], {
    reject: false,
    stderr: 'inherit',
  });
  const { stdout } = await execa(file, ['-c', 'import huggingface_hub; print(huggingface_hub.__version__)']);
  const command = ({ url, shape, cacheDir }: Download): Command => ({
    file,
    args: [source('python.py'), url, repoIdOf(shape), cacheDir],
    env: { HF_ENDPOINT: url, HF_HOME: cacheDir, HF_HUB_DISABLE_XET: '1', HF_HUB_DISABLE_PROGRESS_BARS: '1' },
  });
  return { name: 'python', version: `huggingface_hub ${stdout} snapshot_download`, shapes: repos, command };
}

/** Builds in a copy, for cargo writes a lock file next to the manifest. */
async function hfHub(): Promise<Tool> {
  const folder = join(kept, 'hf-hub');
  await mkdir(folder, { recursive: true });
  await cp(source('hf-hub'), folder, { recursive: true });
  await execa('cargo', ['build', '--release', '--quiet', '--target-dir', 'target'], { cwd: folder, stderr: 'inherit' });
  const command = ({ url, shape, cacheDir }: Download): Command => ({
    file: join(folder, 'target', 'release', 'hf-hub-peer'),
    args: [url, repoIdOf(shape), cacheDir],
    env: { HF_HOME: cacheDir },
  });
  return {
    name: 'hf-hub',
    version: 'hf-hub 0.5.0 (Rust), the sync API, each file of the repo',
    shapes: repos,
    command,
  };
}

async function curl(): Promise<Tool> {
  const { stdout } = await execa('curl', ['--version']);
  const command = (download: Download): Command => ({
    file: 'curl',
    args: [
      ...['--silent', '--show-error', '--fail', '--location', '--write-out', '{"seconds":%{time_total}}'],
      ...['--output', join(download.cacheDir, 'file'), fileUrl(download)],
    ],
  });
  return {
    name: 'curl',
    version: `${stdout.split(' ').slice(0, 2).join(' ')}, one connection`,
    shapes: oneFile,
    command,
  };
}

async function aria2c(): Promise<Tool> {
  const { stdout } = await execa('aria2c', ['--version']);
  const command = (download: Download): Command => ({
    file: 'aria2c',
    args: ['--quiet', '-x8', '-s8', '-k8M', '--dir', download.cacheDir, '--out', 'file', fileUrl(download)],
  });
  return { name: 'aria2c', version: `${stdout.split('\n')[0] ?? ''} -x8, with its start`, shapes: oneFile, command };
}

function fileUrl({ url, shape }: Download): string {
  return `${url}/${repoIdOf(shape)}/resolve/main/${shape.paths[0] ?? ''}`;
}
