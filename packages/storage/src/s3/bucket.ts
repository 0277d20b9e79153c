import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import type { S3Settings } from './settings.ts';

const CONNECT_MS = 5_000;
/** Until the head of an answer is there; the bodies sent are at most a part long. */
const ANSWER_MS = 60_000;
const SILENCE_MS = 60_000;
const TRIES = 4;

/** Who encrypts what is written, as the commands that write want it told. */
export interface Encryption {
  ServerSideEncryption?: 'AES256' | 'aws:kms' | 'aws:kms:dsse';
  SSEKMSKeyId?: string;
}

/** Where the blobs of one store are, and the connection to it. */
export interface Bucket {
  client: S3Client;
  name: string;
  prefix: string;
  encryption: Encryption;
}

/** Connects to nothing yet. */
export function bucketOf(settings: S3Settings): Bucket {
  const { encryption, kmsKeyId } = settings;
  return {
    client: new S3Client(clientConfig(settings)),
    name: settings.bucket,
    prefix: settings.prefix,
    encryption: {
      ...(encryption !== 'none' && { ServerSideEncryption: encryption }),
      ...(encryption.startsWith('aws:kms') && kmsKeyId !== undefined && { SSEKMSKeyId: kmsKeyId }),
    },
  };
}

function clientConfig({ region, endpoint, forcePathStyle, credentials }: S3Settings): S3ClientConfig {
  return {
    region,
    forcePathStyle,
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && { credentials }),
    maxAttempts: TRIES,
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: ANSWER_MS, socketTimeout: SILENCE_MS },
    // Other servers than Amazon's know no checksum trailers; what is written is covered by the signature's digest.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  };
}
