import { EnvError, envChoice, envFlag, envInteger, envText, envUrl } from '@sotto/runtime';
import type { AzureSettings } from './azure/settings.ts';
import { STORAGE_KINDS, type StorageKind } from './blob-store.ts';
import { S3_ENCRYPTIONS, type S3Encryption, type S3Settings } from './s3/settings.ts';

const envPrefix = envText()
  .regex(/^[\w.-]+(\/[\w.-]+)*\/?$/, 'must consist of names of letters, digits, ., - and _, separated by /')
  .optional();

/** Where recordings are kept: the API and all workers must agree on it. */
export const storageEnv = {
  STORAGE: envChoice(STORAGE_KINDS).default('file').meta({
    description:
      'Where recordings are kept until they are transcribed: `file` (in TEMP_DIR, a shared volume), `s3` or `azure`.',
  }),
  KEEP_AFTER_END: envInteger(0).default(30).meta({
    description:
      'Seconds for which a recording is kept after its job has ended. A Redis that loses its last seconds loses ends too: then the job is done again. 0: not at all, for a Redis that syncs every write (`appendfsync always`).',
  }),
  S3_BUCKET: envText().optional().meta({ description: 'Bucket for `STORAGE=s3`. It must exist.' }),
  S3_PREFIX: envPrefix.meta({
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
  AZURE_CONTAINER: envText().optional().meta({ description: 'Container for `STORAGE=azure`. It must exist.' }),
  AZURE_PREFIX: envPrefix.meta({ description: 'As S3_PREFIX, for a container.' }),
  AZURE_ENDPOINT: envUrl('http', 'https').optional().meta({
    description:
      'Blob service of the account: `https://ACCOUNT.blob.core.windows.net`, or that with a shared access signature (`?sv=...`) in place of a key.',
    secret: true,
  }),
  AZURE_ACCOUNT_NAME: envText().optional().meta({ description: 'Storage account, together with AZURE_ACCOUNT_KEY.' }),
  AZURE_ACCOUNT_KEY: envText().optional().meta({
    description: 'Key of the account. Without one, AZURE_ENDPOINT has a shared access signature.',
    secret: true,
  }),
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
  AZURE_CONTAINER?: string | undefined;
  AZURE_PREFIX?: string | undefined;
  AZURE_ENDPOINT?: string | undefined;
  AZURE_ACCOUNT_NAME?: string | undefined;
  AZURE_ACCOUNT_KEY?: string | undefined;
}

const folderOf = (prefix: string | undefined): string => (prefix === undefined ? '' : prefix.replace(/\/?$/, '/'));

/** @throws EnvError when names contradict each other. */
export function s3SettingsOf(env: StorageEnv, scratchFolder: string): S3Settings {
  const { S3_BUCKET: bucket, S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (bucket === undefined) throw new EnvError(['S3_BUCKET must be set when STORAGE is s3']);
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) {
    throw new EnvError(['S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY must be set together']);
  }
  return {
    bucket,
    prefix: folderOf(env.S3_PREFIX),
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

/** @throws EnvError when names contradict each other. */
export function azureSettingsOf(env: StorageEnv, scratchFolder: string): AzureSettings {
  const { AZURE_CONTAINER: container, AZURE_ACCOUNT_NAME: accountName, AZURE_ACCOUNT_KEY: accountKey } = env;
  if (container === undefined) throw new EnvError(['AZURE_CONTAINER must be set when STORAGE is azure']);
  if (accountKey !== undefined && accountName === undefined) {
    throw new EnvError(['AZURE_ACCOUNT_NAME must be set with AZURE_ACCOUNT_KEY']);
  }
  const endpoint = env.AZURE_ENDPOINT ?? (accountName && `https://${accountName}.blob.core.windows.net`);
  if (endpoint === undefined) throw new EnvError(['AZURE_ENDPOINT or AZURE_ACCOUNT_NAME must be set']);
  if (accountKey === undefined && !new URL(endpoint).searchParams.has('sig')) {
    throw new EnvError(['AZURE_ACCOUNT_KEY must be set, or AZURE_ENDPOINT have a shared access signature']);
  }
  return {
    container,
    prefix: folderOf(env.AZURE_PREFIX),
    endpoint,
    ...(accountName !== undefined && accountKey !== undefined && { credentials: { accountName, accountKey } }),
    scratchFolder,
  };
}
