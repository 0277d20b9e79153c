import { EnvError, envChoice, envFlag, envText, envUrl } from '@sotto/runtime';
import { STORAGE_KINDS, type StorageKind } from './blob-store.ts';
import { S3_ENCRYPTIONS, type S3Encryption, type S3Settings } from './s3/settings.ts';

/** Where recordings are kept: the API and all workers must agree on it. */
export const storageEnv = {
  STORAGE: envChoice(STORAGE_KINDS).default('file').meta({
    description: 'Where recordings are kept until they are transcribed: `file` (TEMP_DIR, a shared volume) or `s3`.',
  }),
  S3_BUCKET: envText().optional().meta({ description: 'Bucket for `STORAGE=s3`; it must exist.' }),
  S3_PREFIX: envText()
    .regex(/^[\w.-]+(\/[\w.-]+)*\/?$/, 'must be names of letters, digits, ., - and _ with / between them')
    .optional()
    .meta({ description: 'First part of every object name, as `sotto/`: services can share a bucket.' }),
  S3_REGION: envText().default('us-east-1').meta({ description: 'Region of the bucket.' }),
  S3_ENDPOINT: envUrl('http', 'https').optional().meta({
    description: 'Address of a server that speaks S3 (MinIO, Ceph, R2, ...); nothing: Amazon.',
  }),
  S3_FORCE_PATH_STYLE: envFlag().default(false).meta({
    description: '`true`: the bucket stands in the path, not in the host name; most servers other than Amazon want it.',
  }),
  S3_ACCESS_KEY_ID: envText().optional().meta({
    description:
      "With S3_SECRET_ACCESS_KEY. Without both, the AWS SDK's own chain: AWS_ACCESS_KEY_ID, shared files, web identity, instance role.",
    secret: true,
  }),
  S3_SECRET_ACCESS_KEY: envText().optional().meta({ description: 'See S3_ACCESS_KEY_ID.', secret: true }),
  S3_ENCRYPTION: envChoice(S3_ENCRYPTIONS)
    .default('none')
    .meta({
      description: `Encryption at rest that every object asks for: ${S3_ENCRYPTIONS.join(', ')}. \`none\`: what the bucket does by itself.`,
    }),
  S3_KMS_KEY_ID: envText().optional().meta({ description: 'Key for `aws:kms`; nothing: the default one.' }),
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
    throw new EnvError(['S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY go together']);
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
