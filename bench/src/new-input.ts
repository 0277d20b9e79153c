import { randomUUID } from 'node:crypto';
import { DEFAULT_RUN_OPTIONS } from '@sotto/contracts';
import type { AttachInput } from '@sotto/queue';

/** A recording that was accepted, to submit past the API. */
export function newInput(): AttachInput {
  return {
    kind: 'transcription',
    workKey: null,
    modelDigest: null,
    requestId: randomUUID(),
    input: { blobKey: 'uploads/00/none', sha256: '0'.repeat(64), bytes: 1, container: 'mp3', fileName: 'talk.mp3' },
    options: { ...DEFAULT_RUN_OPTIONS, language: 'en' },
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
    fileName: 'talk.mp3',
    nowMs: Date.now(),
  };
}
