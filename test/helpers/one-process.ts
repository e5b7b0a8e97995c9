import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Holds the unit tests to one process: no server, no Go, no Python, no model's process. Whatever starts a program
 * learns where its test belongs.
 */
const refuse = (program: unknown): never => {
  throw new Error(`a unit test starts no program (${String(program)}): name the file *.interop.test.ts`);
};

for (const start of ['exec', 'execFile', 'execFileSync', 'execSync', 'fork', 'spawn', 'spawnSync'] as const) {
  Object.assign(childProcess, { [start]: refuse });
}
syncBuiltinESMExports();
