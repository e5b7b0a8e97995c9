import { existsSync } from 'node:fs';

/** The module that a process can run: where sources run as they are (tests), what the build made of them. */
export function compiledModule(module: URL): URL {
  if (module.protocol !== 'file:' || existsSync(module)) return module;
  const built = new URL(module.href.replace(/\/(engine|system)\/(?!.*\/(?:engine|system)\/)/, '/dist/$1/'));
  return existsSync(built) ? built : module;
}
