import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Names the space that this process's id is of: machine, start of the machine, and on Linux the namespace of process
 * ids, for containers of one host name each have a process 1. It holds no colon.
 */
export const processSpace = [hostname(), bootId(), namespace()].join('/').replaceAll(':', '');

function bootId(): string {
  return orEmpty(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim().slice(0, 8));
}

function namespace(): string {
  return orEmpty(() => readlinkSync('/proc/self/ns/pid').replaceAll(/\D/g, ''));
}

function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
