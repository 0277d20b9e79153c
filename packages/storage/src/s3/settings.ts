export const S3_ENCRYPTIONS = ['none', 'AES256', 'aws:kms', 'aws:kms:dsse'] as const;
/** Encryption at rest that each object asks for. `none`: whatever the bucket does by itself. */
export type S3Encryption = (typeof S3_ENCRYPTIONS)[number];

export interface S3Settings {
  bucket: string;
  /** `` or ending in `/`: several services can share a bucket. */
  prefix: string;
  region: string;
  /** undefined: Amazon's own for the region. */
  endpoint?: string;
  /** `endpoint/bucket/key` in place of `bucket.endpoint/key`. */
  forcePathStyle: boolean;
  /** undefined: the SDK's own chain (environment, shared files, web identity, instance metadata). */
  credentials?: { accessKeyId: string; secretAccessKey: string };
  encryption: S3Encryption;
  /** For `aws:kms`; undefined: the account's default key. */
  kmsKeyId?: string;
  /** Local folder for recordings that a tool needs as a file. */
  scratchFolder: string;
}
