import { execFile } from 'node:child_process';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { parseStored } from '../../planner/index.js';
import { isMissingError } from '../../system/files/errno.js';
import { isAlive } from '../../system/processes/process-tree.js';

const devRecordSchema = z.object({
  /** `host:port` of the gRPC frontend. */
  address: z.string(),
  uiUrl: z.string(),
  /** The server's process. */
  pid: z.number().int().positive(),
  /** The process that started the server and stops it. */
  ownerPid: z.number().int().positive(),
  /** ISO 8601. */
  startedAt: z.string(),
});

/** What `{home}/server/dev.json` holds: the dev server that runs on this home. */
export type DevRecord = z.infer<typeof devRecordSchema>;

/** The folder of a home's dev server: its data file, log and record. */
export function serverFolder(home: string): string {
  return join(resolve(home), 'server');
}

/** Records the running dev server of a home, in one step. */
export async function writeDevRecord(home: string, record: DevRecord): Promise<void> {
  const path = recordPath(home);
  const temporary = `${path}.${process.pid}`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(temporary, `${JSON.stringify(record, null, 2)}\n`);
  await rename(temporary, path);
}

/**
 * The dev server that runs on a home, or undefined. A record whose server is gone is removed.
 *
 * @throws ModelJobError `IntegrityError` for a record that can't be read
 */
export async function readRunningDev(home: string): Promise<DevRecord | undefined> {
  const record = await readRecord(home);
  if (record && (await isItsServer(record))) return record;
  if (record) await removeDevRecord(home, record.pid);
  return undefined;
}

/** Removes the record of the server `pid`; another server's record stays. */
export async function removeDevRecord(home: string, pid: number): Promise<void> {
  if ((await readRecord(home))?.pid === pid) await rm(recordPath(home), { force: true });
}

/** @throws ModelJobError `IntegrityError`: a server that nobody can name may still work on the home's data file */
async function readRecord(home: string): Promise<DevRecord | undefined> {
  const path = recordPath(home);
  try {
    return parseStored(devRecordSchema, await readFile(path, 'utf8'), path, 'record of a dev server');
  } catch (error) {
    if (isMissingError(error)) return undefined;
    throw error;
  }
}

/** A process id may have been given to another program since: where the system tells, the command line decides. */
async function isItsServer({ pid, address }: DevRecord): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const command = await commandLine(pid);
  if (command === undefined) return true;
  return command.includes('start-dev') && command.includes(`--port ${address.split(':').at(-1)} `);
}

async function commandLine(pid: number): Promise<string | undefined> {
  try {
    if (process.platform === 'linux') return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ');
    return (await promisify(execFile)('ps', ['-ww', '-o', 'args=', '-p', String(pid)])).stdout;
  } catch {
    return undefined;
  }
}

function recordPath(home: string): string {
  return join(serverFolder(home), 'dev.json');
}
