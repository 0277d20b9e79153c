import { createHash } from 'node:crypto';
import { blobNameOf } from './blob-key.ts';

const OWNER_CHARACTERS = 16;

/** Stands for an API key in names of blobs; null: for all that have none. */
export const pieceOwner = (keyId: string | null): string =>
  createHash('sha256')
    .update(keyId === null ? 'none' : `key ${keyId}`)
    .digest('hex')
    .slice(0, OWNER_CHARACTERS);

/**
 * Name of the sound of a piece that is kept: by whom it may be heard, then the hash of all that decides how it sounds. There is no
 * record of it anywhere else, so none can be left over, or be missing.
 *
 * @param sha256 in hexadecimal
 */
export const keptPieceName = (keyId: string | null, sha256: string): string => `${pieceOwner(keyId)}-${sha256}`;

/** As `pieceOwner` made it. */
export const ownerOfKeptPiece = (key: string): string => blobNameOf(key).slice(0, OWNER_CHARACTERS);
