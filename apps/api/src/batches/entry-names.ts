import { parse } from 'node:path';

/** Characters that some system rejects in file names, or takes for a folder separator. */
const UNSAFE = /[<>:"/\\|?*\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** Names that Windows reserves for devices. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)$/i;
const MAX_STEM_BYTES = 200;
const FALLBACK = 'recording';

/** Gives each result in an archive a unique name on every system, including those that ignore case. */
export class EntryNames {
  readonly #taken = new Set<string>();

  /** `talk.mp3` with `srt` -> `talk.srt`, the next one `talk (2).srt`. */
  nameOf(fileName: string, extension: string): string {
    const stem = safeStem(parse(fileName).name);
    for (let count = 1; ; count += 1) {
      const name = `${count === 1 ? stem : `${stem} (${count})`}.${extension}`;
      const folded = name.normalize('NFKC').toLowerCase();
      if (this.#taken.has(folded)) continue;
      this.#taken.add(folded);
      return name;
    }
  }
}

function safeStem(stem: string): string {
  const clean = shortened(stem.normalize('NFC').replace(UNSAFE, '_')).replace(/^[. ]+|[. ]+$/g, '');
  if (clean === '') return FALLBACK;
  return DEVICE.test(clean.split('.')[0] ?? '') ? `_${clean}` : clean;
}

/** Whole characters, at most MAX_STEM_BYTES bytes. */
function shortened(text: string): string {
  let bytes = 0;
  let kept = '';
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > MAX_STEM_BYTES) break;
    kept += character;
  }
  return kept;
}
