import { extname } from 'node:path';
import type { Container } from '@sotto/contracts';

/** Media types as browsers know them. */
const TYPES: Record<Container, string> = {
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  ogg: 'audio/ogg',
  flac: 'audio/flac',
  aac: 'audio/aac',
  ac3: 'audio/ac3',
  eac3: 'audio/eac3',
  aiff: 'audio/aiff',
  caf: 'audio/x-caf',
  au: 'audio/basic',
  w64: 'audio/x-w64',
  amr: 'audio/amr',
  mp4: 'video/mp4',
  asf: 'video/x-ms-asf',
  matroska: 'video/x-matroska',
  avi: 'video/x-msvideo',
  flv: 'video/x-flv',
  mpegts: 'video/mp2t',
  mpegps: 'video/mpeg',
  pcm: 'application/octet-stream',
};

/** Where the name tells more than the content. */
const BY_EXTENSION: Readonly<Record<string, string>> = {
  '.m4a': 'audio/mp4',
  '.m4b': 'audio/mp4',
  '.webm': 'video/webm',
  '.weba': 'audio/webm',
};

export function audioTypeOf(container: Container, fileName: string): string {
  const isAmbiguous = container === 'mp4' || container === 'matroska';
  return (isAmbiguous ? BY_EXTENSION[extname(fileName).toLowerCase()] : undefined) ?? TYPES[container];
}

export const AUDIO_TYPES: ReadonlySet<string> = new Set([...Object.values(TYPES), ...Object.values(BY_EXTENSION)]);

const VIDEOS = new Map(
  (Object.entries(TYPES) as [Container, string][])
    .filter(([, type]) => type.startsWith('video/'))
    .map(([container, type]) => [type, container]),
).set('video/webm', 'matroska');

/** What a recording of that type is read as; null: it has no picture. Whether it has one is seen when it is read. */
export const videoContainerOf = (type: string): Container | null => VIDEOS.get(type) ?? null;
