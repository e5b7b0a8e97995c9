import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './programs.js';

const project = fileURLToPath(new URL('../../..', import.meta.url));

/** Compiles the room under test to JavaScript, so that processes of their own can run it. */
export async function compiledRoom(): Promise<string> {
  const target = await temporaryFolder('compiled');
  for (const folder of ['client/dev-server', 'planner', 'system']) await compile(folder, target);
  await writeFile(join(target, 'package.json'), '{ "type": "module" }');
  await symlink(join(project, 'node_modules'), join(target, 'node_modules'));
  return join(target, 'client/dev-server');
}

async function compile(folder: string, target: string): Promise<void> {
  const names = await readdir(join(project, folder), { recursive: true });
  for (const name of names.filter((each) => each.endsWith('.ts'))) {
    await mkdir(dirname(join(target, folder, name)), { recursive: true });
    const text = await readFile(join(project, folder, name), 'utf8');
    const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
    const { outputText } = ts.transpileModule(text, { compilerOptions });
    await writeFile(join(target, folder, name.replace(/ts$/, 'js')), outputText);
  }
}

export interface Program {
  child: ChildProcess & { pid: number };
  /** The lines on stdout so far. */
  lines: string[];
  /** Resolves with the first line that contains the text; rejects when the program ends without it. */
  line: (text: string) => Promise<string>;
  /** Resolves with all lines when the program has ended. */
  ended: Promise<string[]>;
}

/** Runs a module in a Node process and a process group of its own; it is killed when the test has ended. */
export function runModule(text: string, env: NodeJS.ProcessEnv = process.env): Program {
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], {
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.pid === undefined) throw new Error('the module did not start');
  const lines: string[] = [];
  let rest = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  let closed = false;
  const ended = once(child, 'close').then(() => {
    closed = true;
    return lines;
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const line = async (wanted: string) => {
    for (;;) {
      const found = lines.find((each) => each.includes(wanted));
      if (found !== undefined) return found;
      if (closed) throw new Error(`ended without "${wanted}":\n${lines.join('\n')}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return { child: Object.assign(child, { pid: child.pid }), lines, line, ended };
}

/** Runs a script in a process group of its own, which `end`, or the end of the test, kills. */
export function runScript(path: string, args: string[]): { pid: number; end: () => Promise<void> } {
  const child = spawn(path, args, { detached: true, stdio: 'ignore' });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${path} did not start`);
  const exited = once(child, 'exit');
  let ended = false;
  const end = async () => {
    if (!ended) process.kill(-pid, 'SIGKILL');
    ended = true;
    await exited;
  };
  onTestFinished(end);
  return { pid, end };
}

/** Resolves once a process is gone; rejects after the bound. A zombie, which only its parent can remove, counts as gone. */
export async function gone(pid: number, boundMs = 5_000): Promise<void> {
  const deadline = Date.now() + boundMs;
  while (await lives(pid)) {
    if (Date.now() > deadline) throw new Error(`process ${pid} still lives after ${boundMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function lives(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return !/\) Z /.test(stat);
}
