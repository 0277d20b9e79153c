import { DEFAULT_RUN_OPTIONS } from '@sotto/contracts';
import type { AttachInput } from '@sotto/queue';
import type { Service } from '@sotto/testkit';

/** How many runs were ever made (and kept): what was sent twice is one. */
export async function runsMade({ redis, prefix }: Pick<Service, 'redis' | 'prefix'>): Promise<number> {
  const keys = await redis.client().keys(`${prefix}:run:*`);
  return keys.filter((key) => /:run:[0-9a-f-]{36}$/.test(key)).length;
}

/** A recording that was accepted, for tests that make its run by hand. */
export function attachInput({
  requestId,
  fileName,
}: {
  requestId: string;
  fileName: string;
}): Extract<AttachInput, { kind: 'transcription' }> {
  return {
    kind: 'transcription',
    workKey: null,
    modelDigest: null,
    requestId,
    input: { blobKey: 'uploads/00/none', sha256: '0'.repeat(64), bytes: 1, container: 'mp3', fileName },
    options: DEFAULT_RUN_OPTIONS,
    delivery: {
      responseFormat: 'json',
      granularity: 'segment',
      async: true,
      priority: null,
      cancelOnDisconnect: false,
      cache: true,
    },
    lane: 'batch',
    keyId: null,
    fileName,
    nowMs: Date.now(),
  };
}
