import { z } from 'zod';
import { DUB_FORMAT } from './dub.ts';
import { isOwnVoice } from './own-voices.ts';
import { MAX_PRONUNCIATIONS } from './pronunciations.ts';
import { MAX_SPEED, MAX_VOICE_NAME_CHARACTERS, MIN_SPEED, TEXT_FORMATS } from './speech-choices.ts';
import { warningSchema } from './transcript.ts';
import { pronunciationSchema } from './wire-dictionaries.ts';
import type { WireSpeech, WireSpokenVoice, WireSpokenWord } from './wire-speech.ts';

/** An accepted text: where it is stored, as UTF-8, and how much it is. */
export const textUploadSchema = z.object({
  blobKey: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().min(1),
  /** As it was sent, in Unicode code points: what its key is expected to be charged. Of a document: a guess. */
  characters: z.int().min(1),
  /** Of a document, whose characters are known when it is read: more are not spoken. Absent: they were counted. */
  maxCharacters: z.int().min(1).optional(),
  /** For display; never used as a path. */
  fileName: z.string(),
});
export type TextUpload = z.infer<typeof textUploadSchema>;

/** Options that change what is heard: with the text and the key, they are the identity of the work. */
export const speechOptionsSchema = z.object({
  /** As its client wrote it, AUTO_VOICE among them; a worker finds the voice of that name. */
  voice: z.string().min(1).max(MAX_VOICE_NAME_CHARACTERS),
  /** A BCP 47 tag; null: that of the voice. */
  language: z.string().min(2).max(35).nullable(),
  speed: z.number().min(MIN_SPEED).max(MAX_SPEED),
  textFormat: z.enum([...TEXT_FORMATS, DUB_FORMAT]),
  /** Each word of it is to have its time; absent: pieces alone have. */
  wordTimes: z.literal(true).optional(),
  /** The text may ask for voices of its key's own within, which workers of protocol 2 could not speak. Absent: it does not, or is a document. */
  ownVoicesWithin: z.literal(true).optional(),
  /** How words are said, sorted; those of a dictionary among them, as it was. Absent: as engines say them. */
  pronunciations: z
    .array(pronunciationSchema)
    .min(1)
    .max(2 * MAX_PRONUNCIATIONS)
    .optional(),
});
export type SpeechOptions = z.infer<typeof speechOptionsSchema>;

/** What workers of protocol 2 know of it; see WORKER_PROTOCOL. */
const PROTOCOL_2 = { options: ['voice', 'language', 'speed', 'textFormat'], textFormats: ['text', 'ssml', 'markdown'] };

/** Whether a text asks for what workers of protocol 2 would leave out. */
export const needsNewerSpeech = (options: SpeechOptions): boolean =>
  isOwnVoice(options.voice) ||
  !PROTOCOL_2.textFormats.includes(options.textFormat) ||
  Object.entries(options).some(([name, value]) => value !== undefined && !PROTOCOL_2.options.includes(name));

/** What speaks: `name` of the engine, `model` that it has loaded, and the digest of that. */
export const spokenWithSchema = z.object({ name: z.string(), model: z.string(), digest: z.string() });
export type SpokenWith = z.infer<typeof spokenWithSchema>;

/** The kind of job that finds when words are heard, and the warning where some of their times are estimates. */
export const WORD_TIMES_EXTRA = 'word-times';
export const WORDS_ESTIMATED = 'words_estimated';

/** A piece of a text: so much as an engine speaks in one go. */
export const textPieceSchema = z.object({
  /** As it was written. */
  shown: z.string(),
  /** As the engine gets it. */
  spoken: z.string(),
  voice: z.string(),
  language: z.string(),
  speed: z.number().min(MIN_SPEED).max(MAX_SPEED),
  /** Silence after it. */
  pauseMs: z.int().min(0),
  /** When it is to be heard; absent: after the piece before it. */
  slot: z.object({ startMs: z.int().min(0), endMs: z.int().min(0) }).optional(),
});
export type TextPiece = z.infer<typeof textPieceSchema>;

/** Checkpoint of a piece: its sound, with the silence after it, is a blob of its own. */
export const pieceResultSchema = z.object({
  index: z.int().min(0),
  /** Of speech; the silence follows. */
  durationMs: z.int().min(0),
  /** Of its blob. */
  bytes: z.int().min(0),
  sampleRateHz: z.int().min(1),
  /** Wall time of the engine. */
  engineMs: z.number().min(0),
  /** The engine that spoke in the place of the one that was to; absent: none did. */
  spokenBy: z.string().optional(),
});
export type PieceResult = z.infer<typeof pieceResultSchema>;

/**
 * A word as it was written, with the blanks before it: words joined are their text. Its times are from the beginning of its
 * piece in a checkpoint, of all in a result.
 */
export const spokenWordSchema = z.object({ word: z.string(), startMs: z.int().min(0), endMs: z.int().min(0) });
export type SpokenWord = z.infer<typeof spokenWordSchema>;

export const chapterSchema = z.object({ title: z.string(), startMs: z.int().min(0) });

/** The canonical result of a run of kind `speech`, stored once; its sound, PCM, lies in storage under the run's name. */
export const speechResultSchema = z.object({
  engine: z.string(),
  model: z.string(),
  voice: z.string(),
  language: z.string(),
  sampleRateHz: z.int().min(1),
  durationMs: z.int().min(0),
  /** Charged. */
  characters: z.int().min(0),
  /** 16-bit samples, mono. */
  audio: z.object({ blobKey: z.string(), bytes: z.int().min(0) }),
  /** The video that it was dubbed into, behind the sound in the same blob. Absent: there is none. */
  video: z.object({ startByte: z.int().min(0), bytes: z.int().min(0), mediaType: z.string() }).optional(),
  /** In order. */
  pieces: z.array(
    z.object({
      text: z.string(),
      startMs: z.int().min(0),
      endMs: z.int().min(0),
      /** Absent: nobody asked for them. */
      words: z.array(spokenWordSchema).optional(),
    }),
  ),
  chapters: z.array(chapterSchema),
  /** Wall time from taking the job to storing the result. */
  processingMs: z.int().min(0),
  warnings: z.array(warningSchema),
});
export type SpeechResult = z.infer<typeof speechResultSchema>;

/** A voice as its engine has it. */
export const offeredVoiceSchema = z.object({
  /** Unique among all engines. */
  id: z.string(),
  name: z.string(),
  /** Lower-case BCP 47, the voice's own first. */
  languages: z.array(z.string()).readonly(),
  gender: z.enum(['female', 'male']).nullable(),
  quality: z.enum(['high', 'medium', 'low']),
  kind: z.enum(['stock', 'blend']),
  licence: z.string(),
});

export type OfferedVoice = z.infer<typeof offeredVoiceSchema>;

/**
 * What a text gets of another server's voices that has named none: the server's voice before all others, only where nothing here
 * speaks the language, or never.
 */
export const REMOTE_AUTO = ['prefer', 'fallback', 'never'] as const;

/** What an engine of a worker can speak. */
export const speechOfferSchema = z.object({
  engine: z.string(),
  model: z.string(),
  digest: z.string(),
  sampleRateHz: z.int().min(1),
  isDeterministic: z.boolean(),
  usualRtfx: z.number().positive(),
  /** Whether sums of its voices are voices too. */
  canBlend: z.boolean(),
  /** It speaks on another server, which gets the text; absent: on the worker's own machine. */
  remote: z.object({ auto: z.enum(REMOTE_AUTO) }).optional(),
  /** Those to be preferred first. */
  voices: z.array(offeredVoiceSchema).readonly(),
});
export type SpeechOffer = z.infer<typeof speechOfferSchema>;

/** The voices of an engine as clients see them. */
export function toWireSpokenVoices({ engine, model, voices }: SpeechOffer): WireSpokenVoice[] {
  return voices.map(({ languages, ...voice }) => ({ ...voice, languages: [...languages], engine, model }));
}

export const toWireWords = (words: readonly SpokenWord[]): WireSpokenWord[] =>
  words.map(({ word, startMs, endMs }) => ({ word: word.trim(), start: startMs / 1000, end: endMs / 1000 }));

export function toWireSpeech(result: SpeechResult): WireSpeech {
  const { engine, model, voice, language, characters, warnings } = result;
  const words = result.pieces.flatMap((piece) => piece.words ?? []);
  return {
    engine,
    model,
    voice,
    language,
    duration: result.durationMs / 1000,
    characters,
    sample_rate: result.sampleRateHz,
    pieces: result.pieces.map(({ text, startMs, endMs }) => ({ start: startMs / 1000, end: endMs / 1000, text })),
    ...(words.length > 0 && { words: toWireWords(words) }),
    ...(result.video && { video: { bytes: result.video.bytes, media_type: result.video.mediaType } }),
    chapters: result.chapters.map(({ title, startMs }) => ({ title, start: startMs / 1000 })),
    processing_time: result.processingMs / 1000,
    warnings,
  };
}
