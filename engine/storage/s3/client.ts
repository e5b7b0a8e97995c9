import type * as Sdk from '@aws-sdk/client-s3';
import type * as Uploads from '@aws-sdk/lib-storage';

/** The SDK, and its client for this worker's storage. */
export type S3 = typeof Sdk & Pick<typeof Uploads, 'Upload'> & { client: Sdk.S3Client };

/** How long a connection may take, and how long it may be silent, in milliseconds. */
const connectMs = 10_000;
const silentMs = 60_000;

let opened: { endpoint: string | undefined; s3: Promise<S3> } | undefined;

/**
 * The S3 client of this process: the SDK is loaded when it is first needed, and takes credentials, region and endpoint
 * from the environment (`AWS_ENDPOINT_URL_S3`, `AWS_REGION`, `AWS_ACCESS_KEY_ID`, …), never from a request.
 */
export function openS3(): Promise<S3> {
  const endpoint = process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
  if (opened?.endpoint !== endpoint) opened = undefined;
  opened ??= { endpoint, s3: loadS3(endpoint) };
  return opened.s3;
}

/** Other servers than Amazon's have no host name for each bucket, and mostly no regions. */
async function loadS3(endpoint: string | undefined): Promise<S3> {
  // Which Node its later versions will want is for this project to follow, not news for those who run it.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const [sdk, { Upload }] = await Promise.all([import('@aws-sdk/client-s3'), import('@aws-sdk/lib-storage')]);
  const region = process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
  const client = new sdk.S3Client({
    requestHandler: { connectionTimeout: connectMs, socketTimeout: silentMs },
    ...(endpoint !== undefined && { forcePathStyle: true, region: region ?? 'us-east-1' }),
  });
  return { ...sdk, Upload, client };
}
