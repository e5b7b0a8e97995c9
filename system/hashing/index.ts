export { openFileHasher, type FileHasher } from './file-hasher.js';
export { openHashRecord, type HashOptions, type HashRecord } from './hash-record.js';
export { sha256OfFile } from './sha256-of-file.js';
export { hashThreads } from './threads.js';
