import { copySource, type S3Location } from './location.js';
import { openS3, type S3 } from './client.js';
import { s3Error } from './errors.js';

/** The most bytes that S3 copies by one request, and those of one part of a larger object. */
const wholeBytes = 5 * 2 ** 30;
const partBytes = 2 ** 30;

export interface CopyOptions {
  sizeBytes: number;
  /** User metadata of the copy; the source's own is left behind. */
  metadata: Record<string, string>;
  signal?: AbortSignal | undefined;
  /** For tests. Defaults: 5 GiB, 1 GiB. */
  limits?: { wholeBytes: number; partBytes: number };
}

/** Copies an object inside its bucket, on the server's side: its bytes don't pass through this worker. */
export async function copyObject(from: S3Location, to: S3Location, options: CopyOptions): Promise<void> {
  const { sizeBytes, signal, limits = { wholeBytes, partBytes } } = options;
  const s3 = await openS3();
  const target = { Bucket: to.bucket, Key: to.key };
  try {
    if (sizeBytes > limits.wholeBytes) await copyParts(s3, from, target, { ...options, limits });
    else await copyWhole(s3, from, target, options);
  } catch (error) {
    throw s3Error(error, `copying s3://${from.bucket}/${from.key}`, signal);
  }
}

interface Target {
  Bucket: string;
  Key: string;
}

async function copyWhole(
  { client, CopyObjectCommand }: S3,
  from: S3Location,
  target: Target,
  { metadata, signal }: CopyOptions,
): Promise<void> {
  const copy = { ...target, CopySource: copySource(from), Metadata: metadata, MetadataDirective: 'REPLACE' as const };
  await client.send(new CopyObjectCommand(copy), signal && { abortSignal: signal });
}

/** The object is there when the last part is; nothing is left of a copy that breaks off. */
async function copyParts(
  { client, ...sdk }: S3,
  from: S3Location,
  target: Target,
  { sizeBytes, metadata, signal, limits }: CopyOptions & Required<Pick<CopyOptions, 'limits'>>,
): Promise<void> {
  const abort = signal && { abortSignal: signal };
  const { UploadId } = await client.send(
    new sdk.CreateMultipartUploadCommand({ ...target, Metadata: metadata }),
    abort,
  );
  const upload = { ...target, UploadId };
  try {
    const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
    for (let start = 0; start < sizeBytes; start += limits.partBytes) {
      const PartNumber = Parts.length + 1;
      const CopySourceRange = `bytes=${start}-${Math.min(start + limits.partBytes, sizeBytes) - 1}`;
      const part = { ...upload, PartNumber, CopySource: copySource(from), CopySourceRange };
      const { CopyPartResult } = await client.send(new sdk.UploadPartCopyCommand(part), abort);
      Parts.push({ PartNumber, ETag: CopyPartResult?.ETag });
    }
    await client.send(new sdk.CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }), abort);
  } catch (error) {
    await client.send(new sdk.AbortMultipartUploadCommand(upload)).catch(() => undefined);
    throw error;
  }
}
