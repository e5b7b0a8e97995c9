import { environmentForPrograms } from '../../system/processes/environment.js';

/** What Node, its libraries and the system's loader read before a program runs. */
const early: readonly string[] = [
  ...['NODE_OPTIONS', 'NODE_ENV', 'NODE_PATH', 'NODE_EXTRA_CA_CERTS', 'NODE_V8_COVERAGE', 'UV_THREADPOOL_SIZE'],
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR', 'OPENSSL_CONF', 'LD_PRELOAD', 'MALLOC_ARENA_MAX'],
];

/**
 * Parts an environment: `early` is what a worker is started with, which all that runs as its user can read in /proc, and
 * `told` is the rest, secrets among it, which it reads from its stdin.
 */
export function partEnvironment(env: NodeJS.ProcessEnv): { early: NodeJS.ProcessEnv; told: NodeJS.ProcessEnv } {
  const first = environmentForPrograms(env);
  for (const name of early) if (env[name] !== undefined) first[name] = env[name];
  const told = Object.entries(env).filter(([name]) => first[name] === undefined);
  return { early: first, told: Object.fromEntries(told) };
}
