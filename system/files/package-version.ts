import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const known = new Map<string, string | undefined>();

/** The version of an installed package, this one included; undefined for one that is not there. */
export function packageVersion(name: string): string | undefined {
  if (!known.has(name)) known.set(name, readVersion(name));
  return known.get(name);
}

/** The package's own file, above its entry: not every package lets it be asked for. */
function readVersion(name: string): string | undefined {
  try {
    let folder = dirname(entryOf(name));
    for (; folder !== dirname(folder); folder = dirname(folder)) {
      const found = manifestIn(folder);
      if (found?.name === name) return found.version;
    }
    return undefined;
  } catch {
    return undefined;
  }
}

function entryOf(name: string): string {
  try {
    return require.resolve(`${name}/package.json`);
  } catch {
    return require.resolve(name);
  }
}

function manifestIn(folder: string): { name?: string; version?: string } | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: string; version?: string };
  } catch {
    return undefined;
  }
}
