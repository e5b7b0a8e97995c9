// The body of a hash thread. JavaScript, so that it runs as it stands: from the sources and from the build.
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers';
import { parentPort } from 'node:worker_threads';

/** Bytes that one hasher reads before the next one has its turn. */
const turn = 8 << 20;

/** Bytes that are read at once: few enough to stay in the core's cache until they are hashed. */
const readBytes = 1 << 16;

/**
 * @typedef {{ fd: number, hash: import('node:crypto').Hash, at: number, to: number }} Hasher
 * @typedef {{ id: number } & (
 *   | { type: 'open', path: string, algorithm: string, prefix: string }
 *   | { type: 'advance', to: number }
 *   | { type: 'digest' }
 *   | { type: 'close' }
 * )} Command
 */

/** @type {Map<number, Hasher>} */
const hashers = new Map();
const buffer = Buffer.allocUnsafe(readBytes);
let running = false;

parentPort?.on('message', (/** @type {Command} */ command) => {
  try {
    handle(command);
  } catch (error) {
    fail(command.id, error);
  }
});

/** @param {Command} command */
function handle(command) {
  const { id } = command;
  if (command.type === 'open') {
    const hash = createHash(command.algorithm).update(command.prefix);
    hashers.set(id, { fd: openSync(command.path, 'r'), hash, at: 0, to: 0 });
    return;
  }
  const hasher = hashers.get(id);
  if (!hasher) return;
  if (command.type === 'advance') {
    hasher.to = Math.max(hasher.to, command.to);
    if (!running) run();
  } else {
    const digest = command.type === 'digest' ? hasher.hash.digest('hex') : undefined;
    close(id, hasher);
    if (digest !== undefined) parentPort?.postMessage({ id, digest });
  }
}

/** One turn for each hasher that has bytes to read, until none has. */
function run() {
  running = false;
  for (const [id, hasher] of hashers) {
    if (hasher.at >= hasher.to) continue;
    try {
      takeTurn(id, hasher);
      running ||= hasher.at < hasher.to;
    } catch (error) {
      fail(id, error);
    }
  }
  if (running) setImmediate(run);
}

/**
 * @param {number} id
 * @param {Hasher} hasher
 */
function takeTurn(id, hasher) {
  const until = Math.min(hasher.at + turn, hasher.to);
  while (hasher.at < until) {
    const count = readSync(hasher.fd, buffer, 0, Math.min(buffer.length, until - hasher.at), hasher.at);
    if (count === 0) throw new Error(`the file ends at byte ${hasher.at}, expected ${hasher.to}`);
    hasher.hash.update(count === buffer.length ? buffer : buffer.subarray(0, count));
    hasher.at += count;
  }
  parentPort?.postMessage({ id, at: hasher.at });
}

/**
 * @param {number} id
 * @param {unknown} error
 */
function fail(id, error) {
  const hasher = hashers.get(id);
  if (hasher) close(id, hasher);
  parentPort?.postMessage({ id, error });
}

/**
 * @param {number} id
 * @param {Hasher} hasher
 */
function close(id, hasher) {
  hashers.delete(id);
  closeSync(hasher.fd);
}
