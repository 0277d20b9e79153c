import { toWireSpokenVoices } from '@sotto/contracts';
import type { OwnVoices } from '@sotto/queue';
import type { Response } from 'express';
import { z } from 'zod';
import { type Endpoint, endpoint } from '../../http/endpoint.ts';
import { setWarnings } from '../../http/warning-header.ts';
import { spokenOwnVoices } from '../../own-voices/view.ts';
import { SOUND_ANSWER } from '../../sound/answers.ts';
import { BYTES_PER_CHARACTER, OTHER_BYTES } from '../../speech/accept-speech.ts';
import { plainSink } from '../../speech/sound-sink.ts';
import { type SpeakDeps, TEXT_ERRORS } from '../../speech/speak.ts';
import { streamSpeech } from '../../speech/stream-speech.ts';
import { submitText } from '../../speech/submit-text.ts';
import { interruptionError } from '../../transcriptions/hold.ts';
import { openAiErrors } from '../errors.ts';
import { askedSpeechOf, notesOf, type OpenAiSpeech, openAiSpeechSchema } from './form.ts';
import { speechMessageSchema, sseSink } from './sse-sink.ts';

const voicesSchema = z
  .object({ voices: z.array(z.object({ id: z.string(), name: z.string() })) })
  .meta({ id: 'OpenAiVoices' });

export type OpenAiSpeechDeps = SpeakDeps & { ownVoices: Pick<OwnVoices, 'voice' | 'voices'> };

/** `POST /v1/audio/speech` and `GET /v1/audio/voices`, as clients of OpenAI and of its followers call them. */
export function openAiSpeechEndpoints(deps: OpenAiSpeechDeps): Endpoint[] {
  return [speechEndpoint(deps), voicesEndpoint(deps)];
}

function speechEndpoint(deps: SpeakDeps): Endpoint {
  const { settings } = deps;
  return endpoint({
    method: 'post',
    path: '/audio/speech',
    tag: 'openai',
    access: 'transcribe',
    createsWork: true,
    isStream: true,
    body: openAiSpeechSchema,
    maxBodyBytes: () => settings.openAiMaxSpeechCharacters * BYTES_PER_CHARACTER + OTHER_BYTES,
    errors: [...TEXT_ERRORS, 'still_running'],
    errorShapes: [openAiErrors],
    summary: 'Speak a text (OpenAI)',
    description: 'The sound is sent while it is made; a client that leaves stops the work.',
    answers: {
      200: { ...SOUND_ANSWER, content: { ...SOUND_ANSWER.content, 'text/event-stream': speechMessageSchema } },
    },
    handle: ({ response, body }) => speak(response, body, deps),
  });
}

async function speak(response: Response, body: OpenAiSpeech, deps: SpeakDeps): Promise<void> {
  const { settings, encoders, logger } = deps;
  const { response_format: format, stream_format } = body;
  await encoders.mustHave(format);
  const submitted = await submitText(askedSpeechOf(body, settings.openAiMaxSpeechCharacters), response, deps);
  const { warning } = submitted.voice;
  const notes = [...notesOf(body), ...(warning === null ? [] : [warning])];
  setWarnings(
    response,
    notes.map((detail) => ({ detail })),
  );
  response.set('X-Job-Id', submitted.request.id);
  const idleMs = settings.speechIdleMs;
  const { characters } = submitted;
  const sink =
    stream_format === 'sse'
      ? sseSink(response, { idleMs, logger, characters })
      : plainSink(response, format, idleMs, logger);
  const sent = await streamSpeech(response, submitted, { format, sink, timeoutMs: settings.dialectTimeoutMs }, deps);
  if (sent === 'deadline') throw interruptionError('deadline');
}

function voicesEndpoint({ voiceDirectory, ownVoices }: OpenAiSpeechDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/audio/voices',
    tag: 'openai',
    access: 'key',
    isRead: true,
    errors: [],
    errorShapes: [openAiErrors],
    summary: 'List voices (as servers that follow OpenAI do)',
    answers: { 200: { description: 'The voices.', content: { 'application/json': voicesSchema } } },
    handle: async ({ response, principal }) => {
      const offers = await voiceDirectory.offers();
      const own = spokenOwnVoices(await ownVoices.voices(principal.keyId), offers);
      const voices = [...own, ...offers.flatMap(toWireSpokenVoices)];
      response.set('Cache-Control', 'no-store').json({ voices: voices.map(({ id, name }) => ({ id, name })) });
    },
  });
}
