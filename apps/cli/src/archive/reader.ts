import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { KeyCopy } from '@sotto/queue';
import type { z } from 'zod';
import {
  type ArchiveEnd,
  type ArchiveHead,
  blobEndSchema,
  blobSchema,
  DamagedArchive,
  EARLIER_FIRST_LINE,
  endSchema,
  FIRST_LINE,
  FRAME_HEAD_BYTES,
  FRAMES,
  type FrameType,
  headSchema,
  keySchema,
} from './format.ts';

/** What is done with the content of a backup; each call is awaited before the next. */
export interface ArchiveVisitor {
  head?(head: ArchiveHead): void;
  key?(copy: KeyCopy): Promise<void>;
  blobBegins?(key: string): Promise<void>;
  blobData?(chunk: Buffer): Promise<void>;
  blobEnds?(): Promise<void>;
  /** It does not count. */
  blobGone?(): Promise<void>;
  /** Of the library's dump. */
  libraryLine?(line: string): Promise<void>;
}

export interface ReadArchive extends ArchiveEnd {
  head: ArchiveHead;
}

interface Frame {
  type: FrameType;
  content: Buffer;
}

/**
 * Reads a backup from its first byte to its last, and checks every hash on the way. Only what it returns from is a whole
 * backup: whoever acts on the content reads it once before, without a visitor.
 *
 * @throws DamagedArchive
 */
export async function readArchive(path: string, visitor: ArchiveVisitor = {}): Promise<ReadArchive> {
  const all = createHash('sha256');
  const counted = { keys: 0, blobs: 0, lines: 0 };
  let head: ArchiveHead | null = null;
  let end: ArchiveEnd | null = null;
  let blob: { hash: ReturnType<typeof createHash>; bytes: number } | null = null;
  for await (const { type, content } of framesOf(path, all)) {
    if (end !== null) throw damaged('something follows its end');
    if ((head === null) !== (type === 'H')) throw damaged('its frames are out of order');
    if ('DEX'.includes(type) !== (blob !== null)) throw damaged('its frames are out of order');
    if (type === 'H') {
      head = parsed(headSchema, content);
      visitor.head?.(head);
    } else if (type === 'K') {
      await visitor.key?.(keyOf(content));
      counted.keys += 1;
    } else if (type === 'B') {
      blob = { hash: createHash('sha256'), bytes: 0 };
      await visitor.blobBegins?.(parsed(blobSchema, content).key);
    } else if (type === 'D' && blob !== null) {
      blob.hash.update(content);
      blob.bytes += content.length;
      await visitor.blobData?.(content);
    } else if (type === 'E' && blob !== null) {
      const told = parsed(blobEndSchema, content);
      if (told.bytes !== blob.bytes || told.sha256 !== blob.hash.digest('hex'))
        throw damaged('a blob is not what it was');
      await visitor.blobEnds?.();
      counted.blobs += 1;
      blob = null;
    } else if (type === 'L') {
      await visitor.libraryLine?.(content.toString('utf8'));
      counted.lines += 1;
    } else if (type === 'X') {
      await visitor.blobGone?.();
      blob = null;
    } else {
      end = parsed(endSchema, content);
      checkEnd(end, { ...counted, sha256: all.copy().digest('hex') });
    }
    if (end === null) hashFrame(all, type, content);
  }
  if (head === null || end === null) throw damaged('its end is missing');
  return { ...end, head };
}

function checkEnd(told: ArchiveEnd, found: ArchiveEnd): void {
  if (told.sha256 !== found.sha256) throw damaged('its hash is another');
  if (told.keys !== found.keys || told.blobs !== found.blobs || told.lines !== found.lines) {
    throw damaged('something is missing');
  }
}

function keyOf(content: Buffer): KeyCopy {
  const length = content.length < 4 ? content.length : content.readUInt32BE();
  if (4 + length > content.length) throw damaged('a key is cut off');
  return { ...parsed(keySchema, content.subarray(4, 4 + length)), dump: content.subarray(4 + length) };
}

function parsed<T extends z.ZodType>(schema: T, content: Buffer): z.output<T> {
  try {
    return schema.parse(JSON.parse(content.toString('utf8')));
  } catch (cause) {
    throw damaged('a frame cannot be read', cause);
  }
}

/** Frame after frame; `all` gets the first line, and the caller adds the frames. */
async function* framesOf(path: string, all: ReturnType<typeof createHash>): AsyncGenerator<Frame> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    let at = 0;
    const take = async (length: number): Promise<Buffer> => {
      if (at + length > size) throw damaged('it is cut off');
      const buffer = Buffer.alloc(length);
      for (let filled = 0; filled < length; ) {
        const { bytesRead } = await file.read(buffer, filled, length - filled, at + filled);
        if (bytesRead === 0) throw damaged('it is cut off');
        filled += bytesRead;
      }
      at += length;
      return buffer;
    };
    const first = size < FIRST_LINE.length ? null : await take(FIRST_LINE.length);
    if (first === null || ![FIRST_LINE, EARLIER_FIRST_LINE].includes(first.toString('latin1')))
      throw new DamagedArchive(notABackup(first));
    all.update(first);
    while (at < size) {
      const head = await take(FRAME_HEAD_BYTES);
      const letter = head.toString('latin1', 0, 1);
      const type = FRAMES.find((known) => known === letter);
      if (type === undefined) throw damaged('it has an unknown frame');
      yield { type, content: await take(head.readUInt32BE(1)) };
    }
  } finally {
    await file.close();
  }
}

function notABackup(first: Buffer | null): string {
  const isNewer = first?.toString('latin1').startsWith('SOTTO-BACKUP ') === true;
  return isNewer ? 'This backup was written by a newer version of Sotto.' : 'This is not a backup of Sotto.';
}

function hashFrame(all: ReturnType<typeof createHash>, type: FrameType, content: Buffer): void {
  const head = Buffer.alloc(FRAME_HEAD_BYTES);
  head.write(type, 'latin1');
  head.writeUInt32BE(content.length, 1);
  all.update(head).update(content);
}

const damaged = (how: string, cause?: unknown): DamagedArchive =>
  new DamagedArchive(`The backup is damaged: ${how}.`, { cause });
