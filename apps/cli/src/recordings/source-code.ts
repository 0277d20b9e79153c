import { open } from 'node:fs/promises';
import { extname } from 'node:path';

/** Extensions of TypeScript as well as of transport streams. */
const SHARED_EXTENSIONS = ['.ts', '.mts'];
const SYNC_BYTE = 0x47;
/** Where packets begin with and without a time stamp before each, and the next ones. */
const SYNC_OFFSETS = [
  [0, 188],
  [4, 196],
  [0, 204],
];
const HEAD_BYTES = 205;

/** Whether a file is called like a recording and is source code: a folder that is watched may hold a project. */
export async function isSourceCode(path: string): Promise<boolean> {
  if (!SHARED_EXTENSIONS.includes(extname(path).toLowerCase())) return false;
  const head = Buffer.alloc(HEAD_BYTES);
  const file = await open(path);
  try {
    await file.read(head, 0, HEAD_BYTES, 0);
  } finally {
    await file.close();
  }
  return !SYNC_OFFSETS.some((offsets) => offsets.every((at) => head[at] === SYNC_BYTE));
}
