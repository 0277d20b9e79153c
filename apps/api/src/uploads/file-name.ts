import { MEDIA_EXTENSIONS } from '@sotto/contracts';

const MAX_CHARACTERS = 255;
const FALLBACK = 'upload';

/** Control characters, and the invisible ones that reorder or hide text. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/** A client's file name for display: one path component, printable, at most 255 characters, its extension kept. */
export function cleanFileName(name: string): string {
  const last = name.normalize('NFC').split(/[\\/]/).pop() ?? '';
  const printable = last.replace(INVISIBLE, '').trim();
  const bare = printable.replace(/^\.+/, '');
  if (bare === '') return FALLBACK;
  const characters = [...bare];
  if (characters.length <= MAX_CHARACTERS) return bare;
  const extension = extensionOf(bare);
  const tail = extension === null ? [] : [...`.${extension}`];
  return [...characters.slice(0, MAX_CHARACTERS - tail.length), ...tail].join('');
}

/** In lower case, without the dot; null when the name has none. */
export function extensionOf(name: string): string | null {
  return /\.([a-z0-9]{1,10})$/i.exec(name)?.[1]?.toLowerCase() ?? null;
}

/** True without an extension: many clients send none, and the content decides anyway. */
export function hasMediaExtension(name: string): boolean {
  const extension = extensionOf(name);
  return extension === null || MEDIA_EXTENSIONS.includes(extension);
}

/** Types that carry no information; text/plain is what the parser reports for a part without a type. */
const UNTOLD = ['application/octet-stream', 'binary/octet-stream', 'application/x-binary', 'text/plain', ''];
const MEDIA_APPLICATIONS = ['application/ogg', 'application/mp4', 'application/x-matroska', 'application/vnd.ms-asf'];
/** What lists of types make of .ts and .mts, extensions of transport streams and of other things. */
const AMBIGUOUS = ['text/vnd.trolltech.linguist', 'model/vnd.mts'];
/** Playlists, which name other files: audio/mpegurl, audio/x-mpegurl, audio/x-scpls and their like. */
const PLAYLIST = /^(audio|video)\/.*(mpegurl|scpls)$/;

/** Whether a declared content type can be that of a recording. A wrong one that is media is no error. */
export function isMediaType(type: string): boolean {
  const bare = (type.split(';')[0] ?? '').trim().toLowerCase();
  if (PLAYLIST.test(bare)) return false;
  return /^(audio|video)\//.test(bare) || [UNTOLD, MEDIA_APPLICATIONS, AMBIGUOUS].some((list) => list.includes(bare));
}
