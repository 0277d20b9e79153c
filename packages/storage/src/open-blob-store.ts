import { join } from 'node:path';
import type { BlobStore } from './blob-store.ts';
import { FileBlobStore } from './file-blob-store.ts';
import { azureSettingsOf, type StorageEnv, s3SettingsOf } from './storage-env.ts';

/**
 * The store that the environment names; connects to nothing yet. A server's client is loaded by those who use it: that of S3
 * is a fifth of what a process takes to start.
 *
 * @throws EnvError
 */
export async function openBlobStore(env: StorageEnv): Promise<BlobStore> {
  if (env.STORAGE === 'file') return new FileBlobStore(env.TEMP_DIR);
  const scratchFolder = join(env.TEMP_DIR, 'temporary');
  if (env.STORAGE === 'azure') {
    const settings = azureSettingsOf(env, scratchFolder);
    const { AzureBlobStore } = await import('./azure/azure-blob-store.ts');
    return new AzureBlobStore(settings);
  }
  const settings = s3SettingsOf(env, scratchFolder);
  const { S3BlobStore } = await import('./s3/s3-blob-store.ts');
  return new S3BlobStore(settings);
}
