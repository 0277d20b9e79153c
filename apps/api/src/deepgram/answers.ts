import type { Transcript, Word, Wording } from '@sotto/contracts';
import { transcriptWords, worded } from '@sotto/transcript';
import { z } from 'zod';
import type { Renderer } from '../results/renderer.ts';
import { paragraphsOf, paragraphsSchema, type Utterance, utteranceSchema, utterancesOf } from './paragraphs.ts';
import { uuidOf } from './uuid-of.ts';
import {
  confidenceOf,
  deepgramWord,
  modelInfoOf,
  rounded,
  secondsOf,
  textOfWords,
  type WordStyle,
  wordSchema,
} from './words.ts';

const modelInfoSchema = z.object({ name: z.string(), version: z.string(), arch: z.string() });

const alternativeSchema = z.object({
  transcript: z.string(),
  confidence: z.number(),
  languages: z.array(z.string()).optional(),
  words: z.array(wordSchema),
  paragraphs: paragraphsSchema.optional(),
});

const metadataSchema = z.object({
  transaction_key: z.literal('deprecated'),
  request_id: z.string(),
  sha256: z.string(),
  created: z.string(),
  duration: z.number(),
  channels: z.int(),
  models: z.array(z.string()),
  model_info: z.record(z.string(), modelInfoSchema),
  warnings: z
    .array(z.object({ parameter: z.string().optional(), type: z.string(), message: z.string() }))
    .optional()
    .meta({ description: 'Parameters without effect, and what is known to be less than asked for.' }),
  tags: z.array(z.string()).optional(),
  extra: z.record(z.string(), z.string()).optional(),
});

/** What Deepgram answers to a recording (deepgram/deepgram-js-sdk, ListenV1Response). */
export const recordingSchema = z
  .object({
    metadata: metadataSchema,
    results: z.object({
      channels: z.array(
        z.object({
          alternatives: z.array(alternativeSchema),
          detected_language: z.string().optional(),
          language_confidence: z.number().optional(),
        }),
      ),
      utterances: z.array(utteranceSchema).optional(),
    }),
  })
  .meta({ id: 'DeepgramRecording' });
type DeepgramRecording = z.infer<typeof recordingSchema>;

export interface DeepgramShape extends WordStyle {
  wording: Wording;
  hasParagraphs: boolean;
  /** Pause that divides utterances; null: they are not asked for. */
  utteranceSplitMs: number | null;
  /** The language was not given. */
  isLanguageDetected: boolean;
  isMultilingual: boolean;
  isMultichannel: boolean;
  requestId: string;
  createdAtMs: number;
  sha256: string;
  version: string;
  tags: readonly string[];
  extra: Readonly<Record<string, string>>;
  /** Parameters that do nothing. */
  ignored: readonly string[];
}

export const deepgramRenderer: Renderer<DeepgramShape> = {
  name: 'deepgram',
  render: (transcript, shape) => JSON.stringify(recordingOf(worded(transcript, shape.wording), shape)),
};

function recordingOf(transcript: Transcript, shape: DeepgramShape): DeepgramRecording {
  const channels = channelsOf(transcript, shape);
  return {
    metadata: metadataOf(transcript, channels.length, shape),
    results: {
      channels: channels.map((words) => channelOf(words, transcript, shape)),
      ...(shape.utteranceSplitMs !== null && {
        utterances: channels
          .flatMap((words, channel) => utterancesIn(words, channel, shape.utteranceSplitMs ?? 0, shape))
          .sort((a, b) => a.start - b.start),
      }),
    },
  };
}

function utterancesIn(words: readonly Word[], channel: number, splitMs: number, shape: DeepgramShape): Utterance[] {
  return utterancesOf(words, shape, { splitMs, channel, requestId: shape.requestId });
}

/** The words of each channel: of one that says nothing before the last that does, none. */
function channelsOf(transcript: Transcript, { isMultichannel }: DeepgramShape): Word[][] {
  const words = transcriptWords(transcript);
  if (!isMultichannel) return [words];
  const { speakers = [] } = transcript;
  const channelBy = (speaker = 0) => speakers[speaker]?.channel ?? 0;
  const count = 1 + Math.max(0, ...speakers.map(({ channel = 0 }) => channel));
  return Array.from({ length: count }, (_, channel) => words.filter(({ speaker }) => channelBy(speaker) === channel));
}

function channelOf(
  words: readonly Word[],
  { language, languageProbability, segments }: Transcript,
  shape: DeepgramShape,
): DeepgramRecording['results']['channels'][number] {
  const languages = [...new Set(segments.map((segment) => segment.language ?? language))].filter((one) => one !== null);
  return {
    alternatives: [
      {
        transcript: textOfWords(words, shape),
        confidence: confidenceOf(words),
        ...(shape.isMultilingual && { languages }),
        words: words.map((word) => deepgramWord(word, shape)),
        ...(shape.hasParagraphs && { paragraphs: paragraphsOf(words, shape) }),
      },
    ],
    ...(shape.isLanguageDetected && language !== null && { detected_language: language }),
    ...(shape.isLanguageDetected &&
      languageProbability !== null && { language_confidence: rounded(languageProbability) }),
  };
}

function metadataOf(transcript: Transcript, channels: number, shape: DeepgramShape): DeepgramRecording['metadata'] {
  const { requestId, createdAtMs, sha256, version, tags, extra, ignored } = shape;
  const model = uuidOf(transcript.model);
  const warnings = [
    ...ignored.map((parameter) => ({
      parameter,
      type: 'unsupported_parameter',
      message: `${parameter} has no effect.`,
    })),
    ...transcript.warnings.map(({ code, detail }) => ({ type: code, message: detail })),
  ];
  return {
    transaction_key: 'deprecated',
    request_id: requestId,
    sha256,
    created: new Date(createdAtMs).toISOString(),
    duration: secondsOf(transcript.durationMs),
    channels,
    models: [model],
    model_info: { [model]: modelInfoOf(transcript, version) },
    ...(warnings.length > 0 && { warnings }),
    ...(tags.length > 0 && { tags: [...tags] }),
    ...(Object.keys(extra).length > 0 && { extra: { ...extra } }),
  };
}
