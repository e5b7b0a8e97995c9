import { z } from 'zod';
import { once } from '../shared/once.js';

const places = {
  /** Whose files are signed. */
  folder: z.string(),
  /** The signature's file. Default: the one in the folder. */
  signature: z.exactOptional(z.string()),
  /** Files and folders in the folder that don't count. */
  ignorePaths: z.array(z.string()),
  /** Whether a link to a file counts as that file. */
  allowSymlinks: z.boolean(),
};

/** What `model-jobs sign` and `model-jobs verify` ask of the program that knows the keys. */
export const signingCommandSchema = once(() =>
  z.discriminatedUnion('action', [
    /** `key`: a private key's file. Default: the worker's. */
    z.object({ action: z.literal('sign'), ...places, key: z.exactOptional(z.string()) }),
    z.object({
      action: z.literal('verify'),
      ...places,
      /** A public key's file, or a folder of them. Default: the worker's. */
      trust: z.exactOptional(z.string()),
      /** Whether files that are not signed may be there. */
      ignoreUnsignedFiles: z.boolean(),
    }),
  ]),
);

/** A signature that was made: its file, the key's hint (SHA-256 of the public key as PEM), and how many files it is over. */
export const signedFolderSchema = once(() => z.object({ signature: z.string(), key: z.string(), files: z.number() }));

/** What a verification came to. */
export const verifiedFolderSchema = once(() =>
  z.object({
    valid: z.boolean(),
    signature: z.string(),
    /** The key that signed, as its file and hint; null where none of the trusted ones did. */
    key: z.string().nullable(),
    /** Files that were held against the signature. */
    files: z.number(),
    /** What the signer left out, git's own files apart. */
    ignoredPaths: z.array(z.string()),
    /** What is wrong; none where it is valid. */
    problems: z.array(z.string()),
  }),
);

export type SigningCommand = z.infer<ReturnType<typeof signingCommandSchema>>;
export type SignCommand = Extract<SigningCommand, { action: 'sign' }>;
export type VerifyCommand = Extract<SigningCommand, { action: 'verify' }>;
export type SignedFolder = z.infer<ReturnType<typeof signedFolderSchema>>;
export type VerifiedFolder = z.infer<ReturnType<typeof verifiedFolderSchema>>;
