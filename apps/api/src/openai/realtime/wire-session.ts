import type { LiveFormat } from '@sotto/contracts';
import { endpointingOf, LOGPROBS, OLDER_FORMATS, type SessionConfig, type TurnDetection } from './session-config.ts';

/** As the client is told: with everything that it has not named. */
function wireTurnDetection(turnDetection: TurnDetection) {
  if (turnDetection === null) return null;
  if (turnDetection.type === 'semantic_vad') {
    return { type: turnDetection.type, eagerness: turnDetection.eagerness ?? 'auto' };
  }
  const endpointing = endpointingOf(turnDetection);
  return {
    type: turnDetection.type,
    threshold: endpointing?.threshold,
    prefix_padding_ms: endpointing?.prefixMs,
    silence_duration_ms: endpointing?.silenceMs,
  };
}

const wireTranscription = ({ model, language: one, languages, prompt }: SessionConfig['transcription']) => ({
  model: model ?? null,
  language: one ?? null,
  ...(languages != null && { languages }),
  prompt: prompt ?? '',
});

const wireFormat = ({ encoding, sampleRate }: LiveFormat) => {
  if (encoding === 'pcm_s16le') return { type: 'audio/pcm', rate: sampleRate };
  return { type: encoding === 'mulaw' ? 'audio/pcmu' : 'audio/pcma' };
};

export interface SessionFacts {
  id: string;
  expiresAtMs: number;
}

const includeOf = ({ hasLogprobs }: SessionConfig) => (hasLogprobs ? [LOGPROBS] : []);

export function wireSession(config: SessionConfig, { id, expiresAtMs }: SessionFacts) {
  return {
    type: 'transcription' as const,
    object: 'realtime.transcription_session' as const,
    id,
    expires_at: Math.floor(expiresAtMs / 1_000),
    audio: {
      input: {
        format: wireFormat(config.format),
        transcription: wireTranscription(config.transcription),
        noise_reduction: null,
        turn_detection: wireTurnDetection(config.turnDetection),
      },
    },
    include: includeOf(config),
  };
}

/** The same as it was before GA. */
export function wireOlderSession(config: SessionConfig, { id, expiresAtMs }: SessionFacts) {
  const named = Object.entries(OLDER_FORMATS).find(([, { encoding }]) => encoding === config.format.encoding);
  return {
    id,
    object: 'realtime.transcription_session' as const,
    expires_at: Math.floor(expiresAtMs / 1_000),
    modalities: ['text', 'audio'],
    input_audio_format: named?.[0] ?? 'pcm16',
    input_audio_transcription: wireTranscription(config.transcription),
    input_audio_noise_reduction: null,
    turn_detection: wireTurnDetection(config.turnDetection),
    include: includeOf(config),
  };
}
