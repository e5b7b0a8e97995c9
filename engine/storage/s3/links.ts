import type { S3Location } from './location.js';
import { openS3 } from './client.js';
import { copyObject } from './copy.js';
import { isMissing, s3Error } from './errors.js';

/** The metadata of a copy that stands for a link: S3 has none. */
const leadsTo = 'leads-to';

/** Resolves a name of the folder. */
type At = (name: string) => S3Location;

/** Gives an object another name, by a copy. */
export async function linkObject(at: At, name: string, target: string, signal?: AbortSignal): Promise<void> {
  await keepOriginal(at, name, signal);
  const { sizeBytes } = (await headOf(at(target), signal)) ?? { sizeBytes: 0 };
  await copyObject(at(target), at(name), { sizeBytes, metadata: { [leadsTo]: encodeURIComponent(target) }, signal });
}

/** An object that is no copy is of a version that knew no runs, and nobody's to overwrite: it is copied aside. */
export async function keepOriginal(at: At, name: string, signal?: AbortSignal): Promise<void> {
  const found = await headOf(at(name), signal);
  if (!found || found.isLink) return;
  const { sizeBytes, changedMs } = found;
  await copyObject(at(name), at(`earlier-${changedMs}/${name}`), { sizeBytes, metadata: {}, signal });
}

async function headOf(location: S3Location, signal?: AbortSignal) {
  const { client, HeadObjectCommand } = await openS3();
  const { bucket, key } = location;
  try {
    const command = new HeadObjectCommand({ Bucket: bucket, Key: key });
    const { ContentLength, LastModified, Metadata } = await client.send(command, signal && { abortSignal: signal });
    return {
      sizeBytes: ContentLength ?? 0,
      changedMs: LastModified?.getTime() ?? 0,
      isLink: Metadata?.[leadsTo] !== undefined,
    };
  } catch (error) {
    if (isMissing(error) && !signal?.aborted) return undefined;
    throw s3Error(error, `looking at s3://${bucket}/${key}`, signal);
  }
}
