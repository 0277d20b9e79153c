import {
  BlobServiceClient,
  type BlockBlobClient,
  type ContainerClient,
  StorageRetryPolicyType,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import type { AzureSettings } from './settings.ts';

/** Until the head of an answer is there; the bodies sent are at most a part long. */
const ANSWER_MS = 60_000;
const TRIES = 4;

/** Where the blobs of one store are, and the connection to it. */
export interface Container {
  client: ContainerClient;
  prefix: string;
  /** Of a key of ours, or of what is being written. */
  blob(name: string): BlockBlobClient;
}

/** What is being written lies here until it is whole. */
export const TEMPORARY = 'temporary/';

/** Connects to nothing yet. */
export function containerOf({ container, prefix, endpoint, credentials }: AzureSettings): Container {
  const credential = credentials && new StorageSharedKeyCredential(credentials.accountName, credentials.accountKey);
  const service = new BlobServiceClient(endpoint, credential, {
    retryOptions: { retryPolicyType: StorageRetryPolicyType.EXPONENTIAL, maxTries: TRIES, tryTimeoutInMs: ANSWER_MS },
    userAgentOptions: { userAgentPrefix: 'sotto' },
  });
  const client = service.getContainerClient(container);
  return { client, prefix, blob: (name) => client.getBlockBlobClient(prefix + name) };
}
