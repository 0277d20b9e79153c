import { createHash } from 'node:crypto';
import type { BlobStore } from '@sotto/storage';

/** A text whose bytes are written but not yet kept. staged -> committed | discarded (nothing is left). */
export interface StagedText {
  blobKey: string;
  sha256: string;
  bytes: number;
  /** Resolves when it would survive a power cut. */
  commit(): Promise<unknown>;
  discard(): Promise<void>;
}

/** @throws SottoError storage's own; nothing is left then. */
export async function stageText(text: string, storage: Pick<BlobStore, 'createWriter'>): Promise<StagedText> {
  const content = Buffer.from(text);
  const writer = await storage.createWriter('uploads');
  try {
    await writer.write(content);
  } catch (error) {
    await writer.abort();
    throw error;
  }
  return {
    blobKey: writer.key,
    sha256: createHash('sha256').update(content).digest('hex'),
    bytes: content.length,
    commit: () => writer.commit(),
    discard: () => writer.abort(),
  };
}
