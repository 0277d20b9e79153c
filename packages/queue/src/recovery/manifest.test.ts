import { describe, expect, it } from '@jest/globals';
import { DEFAULT_RUN_OPTIONS } from '@sotto/contracts';
import { CATALOG } from '../catalog/catalog.ts';
import type { AttachInput } from '../runs/attachment.ts';
import { batchManifestOf, manifestOf, readBatchManifest, readManifest } from './manifest.ts';

const input: AttachInput = {
  kind: 'transcription',
  workKey: 'work',
  modelDigest: null,
  requestId: '0b6f7a4e-9a53-4d0b-8a3c-3f2f4c9d1f10',
  input: { blobKey: 'uploads/00/a', sha256: 'a'.repeat(64), bytes: 1, container: 'wav', fileName: 'ü "a".wav' },
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
  keyId: 'key',
  fileName: 'ü "a".wav',
  nowMs: 1_700_000_000_000,
};

const changed = (change: (manifest: Record<string, unknown>) => void): string => {
  const manifest = JSON.parse(manifestOf(input)) as Record<string, unknown>;
  change(manifest);
  return JSON.stringify(manifest);
};

describe('readManifest', () => {
  it('gives back what was accepted, without the limits that were met', () => {
    expect(readManifest(manifestOf({ ...input, limits: { runs: 1, cost: null } }), CATALOG)).toEqual(input);
  });

  it('leaves to newer builds what only they know', () => {
    expect(
      readManifest(
        changed((manifest) => Object.assign(manifest, { version: 2 })),
        CATALOG,
      ),
    ).toBeNull();
    const request = (change: object) => changed((manifest) => Object.assign(manifest.request as object, change));
    expect(readManifest(request({ kind: 'translation' }), CATALOG)).toBeNull();
    expect(readManifest(request({ options: { ...DEFAULT_RUN_OPTIONS, louder: true } }), CATALOG)).toBeNull();
  });

  it.each(['', 'null', '{', '{"version":1}', manifestOf(input).slice(0, -2)])('does not read %j', (text) => {
    expect(readManifest(text, CATALOG)).toBeNull();
  });
});

describe('readBatchManifest', () => {
  const batch = {
    id: '0b6f7a4e-9a53-4d0b-8a3c-3f2f4c9d1f11',
    keyId: null,
    items: [
      { fileName: 'a.wav', requestId: input.requestId, error: null },
      { fileName: 'b.wav', requestId: null, error: { code: 'empty_file' as const, detail: 'The file has 0 bytes.' } },
    ],
    delivery: input.delivery,
    nowMs: 1_700_000_000_000,
  };

  it('gives back what was accepted', () => {
    expect(readBatchManifest(batchManifestOf(batch))).toEqual(batch);
  });

  it('leaves to newer builds what only they know, and the manifests of requests to readManifest', () => {
    expect(readBatchManifest(batchManifestOf(batch).replace('"version":1', '"version":2'))).toBeNull();
    expect(readBatchManifest(manifestOf(input))).toBeNull();
    expect(readManifest(batchManifestOf(batch), CATALOG)).toBeNull();
  });
});
