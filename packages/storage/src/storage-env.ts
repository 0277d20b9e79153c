import { EnvError, envChoice, envFlag, envInteger, envText, envUrl } from '@sotto/runtime';
import { STORAGE_KINDS, type StorageKind } from './blob-store.ts';
import { S3_ENCRYPTIONS, type S3Encryption, type S3Settings } from './s3/settings.ts';

/** Where recordings are kept: the API and all workers must agree on it. */
export const storageEnv = {
  STORAGE: envChoice(STORAGE_KINDS).default('file').meta({
    description: 'Where recordings are kept until they are transcribed: `file` (in TEMP_DIR, a shared volume) or `s3`.',
  }),
  KEEP_AFTER_END: envInteger(0).default(30).meta({
    description:
      'Seconds for which a recording is kept after its job has ended. A Redis that loses its last seconds loses ends too: then the job is done again. 0: not at all, for a Redis that syncs every write (`appendfsync always`).',
  }),
  S3_BUCKET: envText().optional().meta({ description: 'Bucket for `STORAGE=s3`. It must exist.' }),
  S3_PREFIX: envText()
    .regex(/^[\w.-]+(\/[\w.-]+)*\/?$/, 'must consist of names of letters, digits, ., - and _, separated by /')
    .optional()
    .meta({
      description: 'Prefix of every object name, such as `sotto/`, so that several services can share a bucket.',
    }),
  S3_REGION: envText().default('us-east-1').meta({ description: 'Region of the bucket.' }),
  S3_ENDPOINT: envUrl('http', 'https').optional().meta({
    description: 'Address of an S3-compatible server (MinIO, Ceph, R2, ...). Amazon if empty.',
  }),
  S3_FORCE_PATH_STYLE: envFlag().default(false).meta({
    description:
      '`true` puts the bucket in the path instead of the host name, as most servers other than Amazon expect.',
  }),
  S3_ACCESS_KEY_ID: envText().optional().meta({
    description:
      'Access key, together with S3_SECRET_ACCESS_KEY. If neither is set, the AWS SDK looks in its usual places: AWS_ACCESS_KEY_ID, shared files, web identity, instance role.',
    secret: true,
  }),
  S3_SECRET_ACCESS_KEY: envText().optional().meta({ description: 'See S3_ACCESS_KEY_ID.', secret: true }),
  S3_ENCRYPTION: envChoice(S3_ENCRYPTIONS)
    .default('none')
    .meta({
      description: `Encryption at rest requested for every object: ${S3_ENCRYPTIONS.join(', ')}. \`none\` leaves it to the bucket's own settings.`,
    }),
  S3_KMS_KEY_ID: envText().optional().meta({ description: 'Key for `aws:kms`. The default key if empty.' }),
};

/** What `storageEnv` and TEMP_DIR give. */
export interface StorageEnv {
  STORAGE: StorageKind;
  TEMP_DIR: string;
  S3_BUCKET?: string | undefined;
  S3_PREFIX?: string | undefined;
  S3_REGION: string;
  S3_ENDPOINT?: string | undefined;
  S3_FORCE_PATH_STYLE: boolean;
  S3_ACCESS_KEY_ID?: string | undefined;
  S3_SECRET_ACCESS_KEY?: string | undefined;
  S3_ENCRYPTION: S3Encryption;
  S3_KMS_KEY_ID?: string | undefined;
}

/** @throws EnvError when names contradict each other. */
export function s3SettingsOf(env: StorageEnv, scratchFolder: string): S3Settings {
  const { S3_BUCKET: bucket, S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (bucket === undefined) throw new EnvError(['S3_BUCKET must be set when STORAGE is s3']);
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) {
    throw new EnvError(['S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY must be set together']);
  }
  return {
    bucket,
    prefix: env.S3_PREFIX === undefined ? '' : env.S3_PREFIX.replace(/\/?$/, '/'),
    region: env.S3_REGION,
    ...(env.S3_ENDPOINT !== undefined && { endpoint: env.S3_ENDPOINT }),
    forcePathStyle: env.S3_FORCE_PATH_STYLE,
    ...(accessKeyId !== undefined &&
      secretAccessKey !== undefined && { credentials: { accessKeyId, secretAccessKey } }),
    encryption: env.S3_ENCRYPTION,
    ...(env.S3_KMS_KEY_ID !== undefined && { kmsKeyId: env.S3_KMS_KEY_ID }),
    scratchFolder,
  };
}
