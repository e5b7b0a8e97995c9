/** Whether an error of the file system has one of these codes, such as `ENOENT`. */
export function isErrno(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}

/** Whether an error says that there is no such file. */
export function isMissingError(error: unknown): boolean {
  return isErrno(error, 'ENOENT', 'ENOTDIR');
}

/** Whether a file system has no symbolic links (CIFS, FAT, buckets that are mounted). */
export function hasNoLinks(error: unknown): boolean {
  return isErrno(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS');
}
