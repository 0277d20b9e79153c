import { open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlendPack } from './protocol.ts';

/** A voice of Kokoro: 510 styles, one for each length of text, of 256 float32. */
export const PACK_BYTES = 510 * 256 * 4;

/** The file of packs with the blends in their places, from packs alone. */
export function withBlends(voices: Uint8Array, blends: readonly BlendPack[]): Uint8Array {
  const all = new Float32Array(new Uint8Array(voices).buffer);
  const floats = PACK_BYTES / 4;
  for (const { place, parts } of blends) {
    const target = all.subarray(place * floats, (place + 1) * floats).fill(0);
    for (const part of parts) {
      const source = all.subarray(part.place * floats, (part.place + 1) * floats);
      for (let at = 0; at < floats; at += 1) target[at] = (target[at] ?? 0) + part.share * (source[at] ?? 0);
    }
  }
  return new Uint8Array(all.buffer);
}

/**
 * A path from which this process, and nobody else, can read the blended file: it has lost its name before anything is in it, so nothing
 * is left of it however the process ends.
 */
export async function blendedVoicesFile(file: string, blends: readonly BlendPack[]): Promise<string> {
  if (blends.length === 0) return file;
  const name = join(tmpdir(), `sotto-voices-${process.pid}-${Date.now()}`);
  const handle = await open(name, 'wx+', 0o600);
  await rm(name);
  const content = withBlends(await readFile(file), blends);
  // With positions, so that whoever opens the descriptor's path begins at the start wherever that shares the offset.
  for (let at = 0; at < content.length; ) at += (await handle.write(content, at, content.length - at, at)).bytesWritten;
  return `/dev/fd/${handle.fd}`;
}
