import {
  type CaptionOptions,
  DEFAULT_CAPTION_OPTIONS,
  type Granularity,
  type Transcript,
  type Wording,
} from '@sotto/contracts';
import type { Cue } from '../captions/cue.ts';
import { shapeCues, wordCues } from '../captions/cues.ts';

export interface RenderOptions {
  /** `word`: json carries words; srt, vtt, ass, tsv and csv have one cue or row per word. */
  granularity: Granularity;
  /** Of srt, vtt and ass; absent: DEFAULT_CAPTION_OPTIONS. */
  captions?: CaptionOptions;
  /** Absent: as it was heard. */
  wording?: Wording;
  /** Heading of md and docx, title of ass: what the recording is called. */
  title?: string;
}

export type Renderer<Body extends string | Uint8Array<ArrayBuffer> = string> = (
  transcript: Transcript,
  options: RenderOptions,
) => Body;

/** The captions that are asked for. */
export function cuesOf(
  transcript: Transcript,
  { granularity, captions = DEFAULT_CAPTION_OPTIONS }: RenderOptions,
): Cue[] {
  return granularity === 'word' ? wordCues(transcript, captions) : shapeCues(transcript, captions);
}

/** One word at a time needs no light on a word. */
export function isHighlighted({ granularity, captions }: RenderOptions): boolean {
  return granularity === 'segment' && (captions?.highlightWords ?? false);
}
