/** A workflow that does nothing: what a server and a worker take for any. */
export function empty(): Promise<void> {
  return Promise.resolve();
}
