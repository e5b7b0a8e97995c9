import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';

/** A Python interpreter that has a package. */
export interface Python {
  /** The package's version. */
  version: string;
  /** Runs the interpreter, and returns what it prints. */
  run(args: readonly string[], env?: Record<string, string>): Promise<string>;
}

/** For one call of pip. */
const installMs = 100_000;

/** For one run of a script. */
const runMs = 60_000;

const found = new Map<string, Promise<Python | undefined>>();

/**
 * A Python with the newest release of a package from PyPI, in an environment of its own below `~/.cache`. Later runs
 * take it up and bring it up to date; where they cannot, what is there has to do. Undefined, with one line on the
 * console, where there is no Python or no way to install.
 */
export function pythonWith(packageName: string): Promise<Python | undefined> {
  const python = found.get(packageName) ?? openPython(packageName);
  found.set(packageName, python);
  return python;
}

async function openPython(packageName: string): Promise<Python | undefined> {
  try {
    const executable = await environmentWith(packageName);
    const run: Python['run'] = async (args, env = {}) =>
      (await execa(executable, args, { env, stdin: 'ignore', timeout: runMs })).stdout;
    const show = 'import sys; from importlib.metadata import version; print(version(sys.argv[1]))';
    return { version: await run(['-c', show, packageName]), run };
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split('\n');
    console.warn(`no Python with ${packageName}, its tests are skipped: ${reason}`);
    return undefined;
  }
}

async function environmentWith(packageName: string): Promise<string> {
  const { stdout } = await execa('python3', ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']);
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'model-jobs', 'python');
  const folder = join(cache, `${packageName}-python${stdout}`);
  const executable = executableIn(folder);
  if (await works(executable)) await install(executable, packageName).catch(() => undefined);
  else await createEnvironment(folder, packageName);
  return executable;
}

/** Makes the environment under another name first: its own name always means one that is whole. */
async function createEnvironment(folder: string, packageName: string): Promise<void> {
  const temporary = `${folder}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(folder), { recursive: true });
    await execa('python3', ['-m', 'venv', temporary], { timeout: installMs });
    await install(executableIn(temporary), packageName);
    await rename(temporary, folder).catch(async () => {
      // Another run made it meanwhile; or it is one whose Python is gone.
      if (await works(executableIn(folder))) return;
      await rm(folder, { recursive: true, force: true });
      await rename(temporary, folder);
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function works(executable: string): Promise<boolean> {
  return execa(executable, ['-c', '']).then(
    () => true,
    () => false,
  );
}

async function install(executable: string, packageName: string): Promise<void> {
  const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--upgrade', packageName];
  await execa(executable, args, { stdin: 'ignore', timeout: installMs });
}

function executableIn(folder: string): string {
  return process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
}
