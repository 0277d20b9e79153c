import { SottoError } from '@sotto/contracts';
import { type BlobStore, blobKey, keptPieceName, type ListedBlob, ownerOfKeptPiece, pieceOwner } from '@sotto/storage';
import type { WorkerDeps } from '../../deps.ts';
import { storeSound } from '../sound.ts';
import { decodeKept, encodeKept, type KeptSound } from './kept-sound.ts';

export interface PieceCacheOptions {
  blobs: Pick<BlobStore, 'createWriter' | 'read' | 'list' | 'delete'>;
  /** From when it was spoken; 0: nothing is kept. */
  ttlMs: number;
  maxBytes: number;
}

export const openPieceCache = ({ env, blobs }: Pick<WorkerDeps, 'env' | 'blobs'>): PieceCache =>
  new PieceCache({ blobs, ttlMs: env.SPEECH_CACHE_TTL * 1000, maxBytes: env.SPEECH_CACHE_BYTES });

/** The kernel asks for a sweep twice a minute, and the list may be long. */
const LONGEST_BETWEEN_SWEEPS_MS = 5 * 60_000;

/**
 * Sound of pieces that were spoken before, as blobs whose names say what was spoken and for which key. It makes texts
 * faster and is otherwise not there: a blob that is missing, damaged or cannot be read or written means speaking.
 */
export class PieceCache {
  readonly #options: PieceCacheOptions;
  readonly #betweenSweepsMs: number;
  #sweptAtMs = 0;

  constructor(options: PieceCacheOptions) {
    this.#options = options;
    this.#betweenSweepsMs = Math.min(LONGEST_BETWEEN_SWEEPS_MS, options.ttlMs / 4);
  }

  get isOpen(): boolean {
    return this.#options.ttlMs > 0 && this.#options.maxBytes > 0;
  }

  /** @param sha256 of all that decides how it sounds */
  async find(keyId: string | null, sha256: string): Promise<KeptSound | null> {
    const bytes = await orNull(this.#options.blobs.read(blobKey('pieces', keptPieceName(keyId, sha256))));
    return bytes && decodeKept(bytes);
  }

  async keep(keyId: string | null, sha256: string, sound: KeptSound): Promise<void> {
    await orNull(storeSound(this.#options.blobs, 'pieces', keptPieceName(keyId, sha256), [encodeKept(sound)]));
  }

  /** Removes what is too old or too much, and what revoked keys have left. @returns how many blobs */
  async sweep(revokedKeys: () => Promise<string[]>, signal: AbortSignal): Promise<number> {
    const nowMs = Date.now();
    if (nowMs - this.#sweptAtMs < this.#betweenSweepsMs) return 0;
    this.#sweptAtMs = nowMs;
    const { blobs, ttlMs, maxBytes } = this.#options;
    const revoked = new Set((await revokedKeys()).map(pieceOwner));
    const pieces: ListedBlob[] = [];
    for await (const piece of blobs.list('pieces')) pieces.push(piece);
    let bytes = 0;
    let removed = 0;
    for (const piece of pieces.sort((a, b) => b.modifiedMs - a.modifiedMs)) {
      signal.throwIfAborted();
      const isFine = nowMs - piece.modifiedMs < ttlMs && !revoked.has(ownerOfKeptPiece(piece.key));
      if (isFine && bytes + piece.bytes <= maxBytes) bytes += piece.bytes;
      else if (await blobs.delete(piece.key)) removed += 1;
    }
    return removed;
  }
}

async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof SottoError) return null;
    throw error;
  }
}
