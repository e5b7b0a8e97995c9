import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';

/** A Python interpreter that has some packages. */
export interface Python {
  /** Each package with its version. */
  packages: string;
  /** Where its programs are, absolute. */
  programs: string;
  /** Runs the interpreter, and returns what it prints. */
  run(args: readonly string[], env?: Record<string, string>): Promise<string>;
}

/** For one call of pip: some packages have gigabytes. */
const installMs = 1_200_000;

/** For one run of a script. */
const runMs = 600_000;

const found = new Map<string, Promise<Python | undefined>>();

/**
 * A Python with packages from PyPI (`name`, or `name<5`), each the newest that may be, in an environment of its own below `~/.cache`. Later runs
 * take it up and bring it up to date; where they cannot, what is there has to do. Undefined, with one line on the
 * console, where there is no Python or no way to install.
 */
export function pythonWith(...packages: readonly string[]): Promise<Python | undefined> {
  const key = packages.join(' ');
  const python = found.get(key) ?? openPython(packages);
  found.set(key, python);
  return python;
}

async function openPython(packages: readonly string[]): Promise<Python | undefined> {
  try {
    const executable = await environmentWith(packages);
    const run: Python['run'] = async (args, env = {}) =>
      (await execa(executable, args, { env, stdin: 'ignore', timeout: runMs })).stdout;
    const show =
      'import sys; from importlib.metadata import version; print(*(f"{p} {version(p)}" for p in sys.argv[1:]), sep=", ")';
    const names = packages.map((name) => name.replace(/[<>=!~].*/, ''));
    return { packages: await run(['-c', show, ...names]), programs: dirname(executable), run };
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split('\n');
    console.warn(`no Python with ${packages.join(', ')}: ${reason}`);
    return undefined;
  }
}

async function environmentWith(packages: readonly string[]): Promise<string> {
  const { stdout } = await execa('python3', ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']);
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'model-jobs', 'python');
  const folder = join(cache, `${packages.join('-').replace(/[<>=!~]+/g, '_')}-python${stdout}`);
  const executable = executableIn(folder);
  if (await works(executable)) await install(executable, packages).catch(() => undefined);
  else await createEnvironment(folder, packages);
  return executable;
}

/** Makes the environment under another name first: its own name always means one that is whole. */
async function createEnvironment(folder: string, packages: readonly string[]): Promise<void> {
  const temporary = `${folder}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(folder), { recursive: true });
    await execa('python3', ['-m', 'venv', temporary], { timeout: installMs });
    await install(executableIn(temporary), packages);
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

async function install(executable: string, packages: readonly string[]): Promise<void> {
  const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--upgrade', ...packages];
  await execa(executable, args, { stdin: 'ignore', timeout: installMs });
}

function executableIn(folder: string): string {
  return process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
}
