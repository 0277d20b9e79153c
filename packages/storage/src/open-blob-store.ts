import { join } from 'node:path';
import type { BlobStore } from './blob-store.ts';
import { FileBlobStore } from './file-blob-store.ts';
import { S3BlobStore } from './s3/s3-blob-store.ts';
import { type StorageEnv, s3SettingsOf } from './storage-env.ts';

/**
 * The store that the environment names; connects to nothing yet.
 *
 * @throws EnvError
 */
export function openBlobStore(env: StorageEnv): BlobStore {
  if (env.STORAGE === 'file') return new FileBlobStore(env.TEMP_DIR);
  return new S3BlobStore(s3SettingsOf(env, join(env.TEMP_DIR, 'temporary')));
}
