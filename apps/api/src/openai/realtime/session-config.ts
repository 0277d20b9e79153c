import {
  type Endpointing,
  endpointingSchema,
  LIVE_RATES,
  type LiveFormat,
  type LiveOptions,
  liveFormatSchema,
  MAX_PROMPT_CHARACTERS,
  parseLanguage,
  wireKeytermsSchema,
} from '@sotto/contracts';
import { z } from 'zod';
import { localModel, type ModelMap } from '../../settings/model-map.ts';

/** `{type: "audio/pcm", rate}`, 24 kHz unless it says otherwise, or one of the two of telephony, which have 8. */
const formatSchema = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('audio/pcm'), rate: z.number().default(24_000) }),
    z.object({ type: z.literal('audio/pcmu') }),
    z.object({ type: z.literal('audio/pcma') }),
  ])
  .transform((format, context): LiveFormat => {
    if (format.type === 'audio/pcmu') return { encoding: 'mulaw', sampleRate: 8_000 };
    if (format.type === 'audio/pcma') return { encoding: 'alaw', sampleRate: 8_000 };
    const rate = liveFormatSchema.shape.sampleRate.safeParse(format.rate);
    if (rate.success) return { encoding: 'pcm_s16le', sampleRate: rate.data };
    context.addIssue({ code: 'custom', path: ['rate'], message: `must be one of ${LIVE_RATES.join(', ')}` });
    return z.NEVER;
  });

/** Names of builds before GA. */
export const OLDER_FORMATS: Record<'pcm16' | 'g711_ulaw' | 'g711_alaw', LiveFormat> = {
  pcm16: { encoding: 'pcm_s16le', sampleRate: 24_000 },
  g711_ulaw: { encoding: 'mulaw', sampleRate: 8_000 },
  g711_alaw: { encoding: 'alaw', sampleRate: 8_000 },
};

const language = z.string().refine((text) => text.trim() === '' || parseLanguage(text) !== null, {
  error: 'is not a language Whisper knows (see /languages)',
});

const transcriptionSchema = z.object({
  model: z.string().trim().max(100).nullish(),
  language: language.nullish(),
  languages: z.array(language).max(20).nullish(),
  keywords: wireKeytermsSchema.nullish(),
  prompt: z.string().max(MAX_PROMPT_CHARACTERS).nullish(),
  /** How long the model waits for more; words are final here as soon as two passes agree. */
  delay: z.enum(['minimal', 'low', 'medium', 'high', 'xhigh']).nullish(),
});

const { threshold, prefixMs, silenceMs } = endpointingSchema.shape;

const serverVad = z.object({
  type: z.literal('server_vad'),
  threshold: threshold.nullish(),
  prefix_padding_ms: prefixMs.nullish(),
  silence_duration_ms: silenceMs.nullish(),
});

const EAGERNESS = ['low', 'medium', 'high', 'auto'] as const;
const semanticVad = z.object({ type: z.literal('semantic_vad'), eagerness: z.enum(EAGERNESS).nullish() });

const turnDetectionSchema = z.discriminatedUnion('type', [serverVad, semanticVad]).nullable();
export type TurnDetection = z.output<typeof turnDetectionSchema>;

export const LOGPROBS = 'item.input_audio_transcription.logprobs';
const include = z.array(z.enum([LOGPROBS])).nullish();
const noiseReduction = z.object({ type: z.enum(['near_field', 'far_field']).optional() }).nullish();

/** `session` of `session.update` and of `POST /v1/realtime/client_secrets`. */
export const sessionSchema = z.object({
  type: z.literal('transcription', { error: 'must be transcription: this service only transcribes' }),
  audio: z
    .object({
      input: z
        .object({
          format: formatSchema.nullish(),
          noise_reduction: noiseReduction,
          transcription: transcriptionSchema.nullish(),
          turn_detection: turnDetectionSchema.optional(),
        })
        .nullish(),
    })
    .nullish(),
  include,
});

/** `session` of `transcription_session.update`, from before GA. */
export const olderSessionSchema = z.object({
  input_audio_format: z
    .enum(['pcm16', 'g711_ulaw', 'g711_alaw'])
    .transform((name) => OLDER_FORMATS[name])
    .nullish(),
  input_audio_noise_reduction: noiseReduction,
  input_audio_transcription: transcriptionSchema.nullish(),
  turn_detection: turnDetectionSchema.optional(),
  include,
});

/** What a session is set to, as its client wrote it. */
export interface SessionConfig {
  format: LiveFormat;
  transcription: z.output<typeof transcriptionSchema>;
  turnDetection: TurnDetection;
  hasLogprobs: boolean;
}

export const defaultConfig = (model: string | null): SessionConfig => ({
  format: OLDER_FORMATS.pcm16,
  transcription: model === null ? {} : { model },
  turnDetection: { type: 'server_vad' },
  hasLogprobs: false,
});

/** What an update does not name stays as it is. */
export function updated(config: SessionConfig, { audio, include }: z.output<typeof sessionSchema>): SessionConfig {
  const { format, transcription, turn_detection: turnDetection } = audio?.input ?? {};
  return merged(config, { format, transcription, turnDetection, include });
}

export function updatedOlder(config: SessionConfig, session: z.output<typeof olderSessionSchema>): SessionConfig {
  const { input_audio_format: format, input_audio_transcription: transcription } = session;
  const { turn_detection: turnDetection, include } = session;
  return merged(config, { format, transcription, turnDetection, include });
}

interface Update {
  format: LiveFormat | null | undefined;
  transcription: SessionConfig['transcription'] | null | undefined;
  turnDetection: TurnDetection | undefined;
  include: z.output<typeof include>;
}

function merged(
  config: SessionConfig,
  { format, transcription, turnDetection, include: included }: Update,
): SessionConfig {
  return {
    format: format ?? config.format,
    transcription: { ...config.transcription, ...transcription },
    turnDetection: turnDetection === undefined ? config.turnDetection : turnDetection,
    hasLogprobs: included === undefined ? config.hasLogprobs : (included ?? []).includes(LOGPROBS),
  };
}

/** What OpenAI calls its models that listen and speak: the address of a session may name one. */
const REALTIME_MODEL = /^gpt-(?:4o-(?:mini-)?)?realtime/;

export function liveOptionsOf({ transcription, turnDetection }: SessionConfig, models: ModelMap): LiveOptions {
  const { model, prompt, keywords } = transcription;
  const isLocal = model != null && model !== '' && (models.has(model.toLowerCase()) || !REALTIME_MODEL.test(model));
  return {
    language: languageOf(transcription),
    model: isLocal ? localModel(model, models) : null,
    prompt: prompt == null || prompt === '' ? null : prompt,
    ...(keywords != null && keywords.length > 0 && { keyterms: keywords }),
    endpointing: endpointingOf(turnDetection),
  };
}

/** Of several that may be spoken, each utterance's is detected. */
function languageOf({ language: one, languages }: SessionConfig['transcription']): LiveOptions['language'] {
  const [only = '', ...others] = languages ?? [];
  const named = one == null || one.trim() === '' ? (others.length === 0 ? only : '') : one;
  return parseLanguage(named);
}

/** How long a pause is waited out where the text is plainly unfinished: 0.8, 2 and 4 s. */
const EAGER: Record<(typeof EAGERNESS)[number], Pick<Endpointing, 'silenceMs' | 'patience'>> = {
  high: { silenceMs: 400, patience: 2 },
  medium: { silenceMs: 500, patience: 4 },
  auto: { silenceMs: 500, patience: 4 },
  low: { silenceMs: 1_000, patience: 4 },
};

export function endpointingOf(turnDetection: TurnDetection): LiveOptions['endpointing'] {
  if (turnDetection === null) return null;
  if (turnDetection.type === 'semantic_vad') {
    return endpointingSchema.parse(EAGER[turnDetection.eagerness ?? 'auto']);
  }
  const { threshold: likelihood, prefix_padding_ms: prefix, silence_duration_ms: silence } = turnDetection;
  return endpointingSchema.parse({
    threshold: likelihood ?? undefined,
    prefixMs: prefix ?? undefined,
    silenceMs: silence ?? undefined,
  });
}
