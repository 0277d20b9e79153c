import type { Word } from '@sotto/contracts';
import type { Cue } from '../captions/cue.ts';
import { textOf } from '../captions/sentences.ts';
import { oneLine } from '../one-line.ts';
import { isRightToLeft } from '../scripts.ts';
import { nameOf } from '../speakers/name-of.ts';
import { cuesOf, isHighlighted, type Renderer } from './rendered.ts';

const STYLE_FIELDS = {
  Name: 'Default',
  Fontname: 'Arial',
  Fontsize: 60,
  PrimaryColour: '&H00FFFFFF',
  SecondaryColour: '&H00A0A0A0',
  OutlineColour: '&H00000000',
  BackColour: '&H80000000',
  Bold: 0,
  Italic: 0,
  Underline: 0,
  StrikeOut: 0,
  ScaleX: 100,
  ScaleY: 100,
  Spacing: 0,
  Angle: 0,
  BorderStyle: 1,
  Outline: 3,
  Shadow: 1,
  Alignment: 2,
  MarginL: 60,
  MarginR: 60,
  MarginV: 60,
  /** -1: the renderer sees from the text in which direction it runs (libass). */
  Encoding: 1,
};

/** As &HAABBGGRR; broadcasters tell speakers apart by such. */
const SPEAKER_COLOURS = ['&H00FFFFFF', '&H0000FFFF', '&H00FFFF00', '&H0000FF00', '&H00FF99FF', '&H0080C0FF'];

/**
 * Advanced SubStation Alpha (v4.00+). Lines are broken by us, never again by the player (WrapStyle 2). With
 * highlighting each word is a karaoke syllable: grey until it is said.
 */
export const renderAss: Renderer = (transcript, options) => {
  const style = { ...STYLE_FIELDS, Encoding: isRightToLeft(transcript.language) ? -1 : 1 };
  const voices = (transcript.speakers ?? []).map((_, speaker) => ({
    ...style,
    Name: `Speaker${speaker + 1}`,
    PrimaryColour: SPEAKER_COLOURS[speaker % SPEAKER_COLOURS.length],
  }));
  // A comma would end the field.
  const by = ({ speaker }: Cue) =>
    `${voices[speaker ?? -1]?.Name ?? style.Name},${nameOf(transcript, speaker)?.replaceAll(',', ';') ?? ''}`;
  const textOfCue = isHighlighted(options) ? karaoke : plain;
  const events = cuesOf(transcript, options).map(
    (cue) => `Dialogue: 0,${time(cue.startMs)},${time(cue.endMs)},${by(cue)},0,0,0,,${textOfCue(cue)}`,
  );
  const sections = [
    ['[Script Info]', `Title: ${oneLine(options.title ?? 'Transcript')}`, 'ScriptType: v4.00+', 'WrapStyle: 2'],
    ['ScaledBorderAndShadow: yes', 'PlayResX: 1920', 'PlayResY: 1080', ''],
    [
      '[V4+ Styles]',
      `Format: ${Object.keys(style).join(', ')}`,
      ...[style, ...voices].map((each) => `Style: ${Object.values(each).join(',')}`),
      '',
    ],
    ['[Events]', 'Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text', ...events, ''],
  ];
  return sections.flat().join('\n');
};

const plain = ({ lines }: Cue): string => lines.map(escapeText).join('\\N');

/** Durations are counted from the cue's start, so that their roundings do not add up. */
function karaoke(cue: Cue): string {
  const end = hundredths(cue.endMs);
  let at = hundredths(cue.startMs);
  const syllable = (word: Word, index: number): string => {
    const start = Math.min(Math.max(hundredths(word.startMs), at), end);
    const stop = Math.min(Math.max(hundredths(word.endMs), start), end);
    const pause = start > at ? `{\\k${start - at}}` : '';
    const blank = index > 0 && word.word.startsWith(' ') ? ' ' : '';
    const length = stop - start;
    at = stop;
    return `${blank}${pause}{\\k${length}}${escapeText(textOf([word]))}`;
  };
  return cue.words.map((words) => words.map(syllable).join('')).join('\\N');
}

const hundredths = (ms: number): number => Math.round(ms / 10);

/** `1:02:03.45` */
function time(ms: number): string {
  const whole = hundredths(ms);
  const pad = (value: number) => String(value).padStart(2, '0');
  const seconds = Math.floor(whole / 100);
  return `${Math.floor(seconds / 3600)}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}.${pad(whole % 100)}`;
}

/**
 * The format has no escape that every renderer knows. A brace would begin a command, so its wide form stands in its
 * place; a backslash is kept from the letter after it by a word joiner, as ffmpeg does.
 */
function escapeText(text: string): string {
  return text.replaceAll('{', '｛').replaceAll('}', '｝').replaceAll('\\', '\\\u2060');
}
