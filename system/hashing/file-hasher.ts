import { freestThread, type HashReply } from './threads.js';

/** The hash of a file's bytes, made on another thread while the file grows. */
export interface FileHasher {
  /** Bytes hashed so far. */
  readonly at: number;
  /** Lets the hash take the file's bytes up to `to`, which must be written by now. */
  advance(to: number): void;
  /**
   * The hash of all bytes up to the last `advance`, in lowercase hex; the hasher is closed then.
   *
   * @throws Error of the file system; the signal's reason when aborted
   */
  digest(): Promise<string>;
  /** Lets go of the file. */
  close(): void;
}

export interface HasherOptions {
  algorithm: 'sha256' | 'sha1';
  /** Text that is hashed before the file's bytes. */
  prefix?: string;
  signal?: AbortSignal | undefined;
  /** Called with the count of bytes that were hashed since the last call. */
  onBytes?: ((count: number) => void) | undefined;
}

/** A thread is notified of so many bytes at once. */
const notifyBytes = 4 << 20;

let lastId = 0;

/** Opens a file for hashing. */
export function openFileHasher(path: string, options: HasherOptions): FileHasher {
  const { algorithm, prefix = '', signal, onBytes } = options;
  const id = ++lastId;
  const thread = freestThread();
  let resolve!: (digest: string) => void;
  let reject!: (reason: unknown) => void;
  const done = new Promise<string>((onDigest, onError) => {
    resolve = onDigest;
    reject = onError;
  });
  // A hasher that is closed early may fail with nobody listening.
  done.catch(() => undefined);
  let at = 0;
  let target = 0;
  let notified = 0;
  let wanted = false;
  const release = (): void => {
    thread.release(id);
    signal?.removeEventListener('abort', abort);
  };
  const close = (): void => {
    thread.send({ id, type: 'close' });
    release();
  };
  const abort = (): void => {
    close();
    reject(signal?.reason);
  };
  const notify = (): void => {
    notified = target;
    thread.send({ id, type: 'advance', to: target });
  };
  const finish = (): void => {
    if (wanted && at === target) thread.send({ id, type: 'digest' });
  };
  const listen = (reply: HashReply): void => {
    if ('at' in reply) {
      const count = reply.at - at;
      at = reply.at;
      onBytes?.(count);
      finish();
      return;
    }
    release();
    if ('digest' in reply) resolve(reply.digest);
    else reject(reply.error);
  };
  thread.listen(id, listen);
  signal?.addEventListener('abort', abort, { once: true });
  thread.send({ id, type: 'open', path, algorithm, prefix });
  if (signal?.aborted) abort();
  return {
    get at() {
      return at;
    },
    advance(to) {
      target = Math.max(target, to);
      if (target - notified >= notifyBytes) notify();
    },
    digest() {
      wanted = true;
      notify();
      finish();
      return done;
    },
    close,
  };
}
