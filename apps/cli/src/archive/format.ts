import { z } from 'zod';

/**
 * A backup is one file: the line `SOTTO-BACKUP 2`, then frames. A frame is a letter, the length of its content (4
 * bytes, big-endian) and the content:
 *
 *     H  head: JSON, see headSchema. The first frame.
 *     K  a key of Redis: length of a JSON object (4 bytes), the object (keySchema), what DUMP answered.
 *     B  a blob begins: JSON {"key": ...}. Then D frames with its bytes, and
 *     E  the blob is whole: JSON {"bytes", "sha256"}; or
 *     X  the blob was deleted while it was read, and does not count.
 *     L  a line of the library's dump (packages/library, dump/format.ts). Since 2.
 *     Z  end: JSON {"keys", "blobs", "lines", "sha256"}, the hash being that of everything before this frame. The last frame.
 */
export const FIRST_LINE = 'SOTTO-BACKUP 2\n';
/** Of an earlier version, which had no library in it. */
export const EARLIER_FIRST_LINE = 'SOTTO-BACKUP 1\n';

export const FRAMES = ['H', 'K', 'B', 'D', 'E', 'X', 'L', 'Z'] as const;
export type FrameType = (typeof FRAMES)[number];

/** A letter and a length. */
export const FRAME_HEAD_BYTES = 5;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const headSchema = z.object({
  createdAt: z.iso.datetime(),
  /** Version of Sotto that wrote it. */
  version: z.string(),
  /** QUEUE_PREFIX: every key begins with it. */
  prefix: z.string(),
});
export type ArchiveHead = z.infer<typeof headSchema>;

export const keySchema = z.object({ key: z.string(), ttlMs: z.int().nullable() });
export const blobSchema = z.object({ key: z.string() });
export const blobEndSchema = z.object({ bytes: z.int(), sha256 });
export const endSchema = z.object({ keys: z.int(), blobs: z.int(), lines: z.int().default(0), sha256 });
export type ArchiveEnd = z.infer<typeof endSchema>;

/** Not a backup, or not a whole one. */
export class DamagedArchive extends Error {
  override readonly name = 'DamagedArchive';
}
