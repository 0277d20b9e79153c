import {
  type Endpointing,
  endpointingSchema,
  LIVE_RATES,
  type LiveEncoding,
  type LiveFormat,
  type LiveOptions,
  liveFormatSchema,
  type Wording,
  wordingOf,
} from '@sotto/contracts';
import { z } from 'zod';
import { invalidParameter } from '../../http/invalid-parameter.ts';
import type { ModelMap } from '../../settings/model-map.ts';
import { common, switchOf } from '../listen-query.ts';
import { modelNamed } from '../model-names.ts';
import { expectedTerms, wordingIn } from '../recording-options.ts';

/** Deepgram's own default is 10 ms, at which every breath ends an utterance, and its words are heard without their sentence. */
const LEAST_SILENCE_MS = 200;
/** At Deepgram too: shorter gaps are within sentences. */
const LEAST_UTTERANCE_END_MS = 1_000;

const milliseconds = (least: number, most: number) =>
  z
    .string()
    .trim()
    .regex(/^\d+$/, 'must be a number of milliseconds')
    .transform(Number)
    .pipe(z.int().min(least).max(most));

const endpointing = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.union([z.enum(['true', 'false', '']), milliseconds(0, 10_000)]))
  .optional();

const falseOnly = (why: string) =>
  switchOf('Not supported: refused unless it is false.').refine((value) => value !== true, { error: why });

/** What a live session may be asked for. */
export const liveQuery = z.object({
  ...common,
  interim_results: switchOf('true: also what may still change.'),
  endpointing: endpointing.meta({
    description:
      'Silence that ends an utterance, in milliseconds, or `false`. At least 200; 500 unless it says otherwise.',
    override: { type: 'string' },
  }),
  utterance_end_ms: milliseconds(LEAST_UTTERANCE_END_MS, 60_000).optional().meta({
    description: 'UtteranceEnd comes so long after the last word.',
  }),
  vad_events: switchOf('true: SpeechStarted is sent.'),
  no_delay: switchOf('No effect: nothing is delayed.'),
  diarize: falseOnly('speakers are not told apart while they speak'),
  diarize_model: z.literal('', { error: 'speakers are not told apart while they speak' }).optional(),
  detect_language: falseOnly('leave language out: each utterance is detected'),
});
export type LiveQuery = z.output<typeof liveQuery>;

/** How results look. */
export interface LiveShape {
  isPunctuated: boolean;
  hasInterim: boolean;
  hasSpeechStarted: boolean;
  /** null: UtteranceEnd is not asked for. */
  utteranceEndMs: number | null;
  isMultilingual: boolean;
  wording: Wording;
}

export interface LiveWish {
  format: LiveFormat;
  /** Samples of several are mixed to one. */
  channels: number;
  options: LiveOptions;
  shape: LiveShape;
}

const ENCODINGS: Record<string, LiveEncoding> = { linear16: 'pcm_s16le', mulaw: 'mulaw', alaw: 'alaw' };

/** @throws SottoError `invalid_parameter` for what cannot be heard while it is spoken. */
export function liveWishOf(query: LiveQuery, models: ModelMap): LiveWish {
  const { channels = 1, multichannel = false, keyterm, keywords } = query;
  if (multichannel && channels > 1) {
    throw invalidParameter('multichannel', 'is only for recordings: open one connection for each channel');
  }
  const keyterms = expectedTerms({ keyterm, keywords });
  return {
    format: formatOf(query),
    channels,
    options: {
      language: query.language === 'multi' ? null : (query.language ?? null),
      model: modelNamed(query.model, models),
      prompt: null,
      ...(keyterms.length > 0 && { keyterms }),
      endpointing: endpointingOf(query.endpointing),
    },
    shape: {
      isPunctuated: (query.punctuate ?? false) || (query.smart_format ?? false),
      hasInterim: query.interim_results ?? false,
      hasSpeechStarted: query.vad_events ?? false,
      utteranceEndMs: query.utterance_end_ms ?? null,
      isMultilingual: query.language === 'multi',
      wording: wordingOf(wordingIn(query)),
    },
  };
}

function formatOf({ encoding: named, sample_rate: rate, channels = 1 }: LiveQuery): LiveFormat {
  const encoding = named === undefined ? undefined : ENCODINGS[named];
  if (encoding === undefined) {
    throw invalidParameter('encoding', `must be one of ${Object.keys(ENCODINGS).join(', ')} for live audio`);
  }
  if (encoding !== 'pcm_s16le' && channels > 1) throw invalidParameter('channels', `must be 1 with encoding=${named}`);
  const sampleRate = liveFormatSchema.shape.sampleRate.safeParse(rate);
  if (sampleRate.success) return { encoding, sampleRate: sampleRate.data };
  throw invalidParameter('sample_rate', `must be one of ${LIVE_RATES.join(', ')}`);
}

function endpointingOf(asked: LiveQuery['endpointing']): Endpointing | null {
  if (asked === 'false') return null;
  if (typeof asked !== 'number') return endpointingSchema.parse({});
  return endpointingSchema.parse({ silenceMs: Math.max(LEAST_SILENCE_MS, asked) });
}
