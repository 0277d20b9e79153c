import type { SpeechResult } from '@sotto/contracts';

export interface SoundChapter {
  title: string;
  startMs: number;
  endMs: number;
}

/** What a file says of its sound. */
export interface SoundTags {
  /** null: it has none. */
  title: string | null;
  /** One after the other from the beginning to the end, or none. */
  chapters: SoundChapter[];
}

/** Before the first heading of a text that has no name. */
const NAMELESS = '…';
const MOST_TITLE_CHARACTERS = 200;
/** What a text is called that came without a name. */
const GENERIC = ['text', 'speech', 'sample'];

/** @param fileName of the text */
export function tagsOf(
  { chapters, durationMs }: Pick<SpeechResult, 'chapters' | 'durationMs'>,
  fileName: string,
): SoundTags {
  const stem = shortened(fileName.replace(/\.[A-Za-z0-9]{1,8}$/, ''));
  const title = stem === '' || GENERIC.includes(stem) ? null : stem;
  const first = chapters[0];
  const begins = first !== undefined && first.startMs > 0 ? [{ title: title ?? NAMELESS, startMs: 0 }] : [];
  const all = [...begins, ...chapters];
  return {
    title,
    chapters: all
      .map(({ title, startMs }, index) => ({
        title: shortened(title),
        startMs,
        endMs: all[index + 1]?.startMs ?? durationMs,
      }))
      // Of two that begin at once, the first has nothing to say.
      .filter(({ startMs, endMs }) => endMs > startMs),
  };
}

const shortened = (text: string): string => [...text].slice(0, MOST_TITLE_CHARACTERS).join('').trim();

/** As ffmpeg's demuxer `ffmetadata` reads it. */
export function ffmetadataOf({ title, chapters }: SoundTags): string {
  const parts = chapters.flatMap((chapter) => [
    '[CHAPTER]',
    'TIMEBASE=1/1000',
    `START=${chapter.startMs}`,
    `END=${chapter.endMs}`,
    `title=${escaped(chapter.title)}`,
  ]);
  return [';FFMETADATA1', ...(title === null ? [] : [`title=${escaped(title)}`]), ...parts, ''].join('\n');
}

/** One line, and nothing of it has a meaning of its own. */
const escaped = (text: string): string =>
  text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').replace(/[=;#\\]/g, (character) => `\\${character}`);
