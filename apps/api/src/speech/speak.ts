import {
  type ErrorCode,
  speakFormSchema,
  speechDeliveryOf,
  speechOptionsOf,
  wireAcceptedSchema,
} from '@sotto/contracts';
import type { Logger } from '@sotto/runtime';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { setWarnings } from '../http/warning-header.ts';
import { SPEECH_RUN_ERRORS } from '../results/outcome.ts';
import type { ApiSettings } from '../settings/settings.ts';
import { SOUND_ANSWER } from '../sound/answers.ts';
import { sendAccepted } from '../transcriptions/accepted.ts';
import { plainSink } from './sound-sink.ts';
import { type StreamSpeechDeps, streamSpeech } from './stream-speech.ts';
import { type SubmitTextDeps, submitText } from './submit-text.ts';

export type SpeakDeps = SubmitTextDeps & StreamSpeechDeps & { settings: ApiSettings; logger: Logger };

/** What any door for texts may refuse. */
export const TEXT_ERRORS: ErrorCode[] = [
  'unsupported_media_type',
  'invalid_parameter',
  'text_too_long',
  'language_not_supported',
  'speech_unavailable',
  'too_many_streams',
  'streams_full',
  ...SPEECH_RUN_ERRORS,
];

const ACCEPTED = 'Speech job accepted';
/** Of JSON: a character may take six of them, and there are other fields. */
export const BYTES_PER_CHARACTER = 6;
const OTHER_BYTES = 16_384;

export function speakEndpoint(deps: SpeakDeps): Endpoint {
  const { settings, encoders } = deps;
  return endpoint({
    method: 'post',
    path: '/speak',
    summary: 'Speak a text',
    description: [
      'The answer is the sound, sent while it is made: the first of it comes as soon as the first clause is spoken. With',
      '`async=true`, or when nothing is spoken within the time a request may wait, it is 202 with the address of the job. The',
      'same text with the same options is spoken only once per key. GET /jobs/{id}/result has it in any format, as captions',
      'and as JSON with the time of each piece.',
    ].join(' '),
    tag: 'speech',
    access: 'transcribe',
    createsWork: true,
    isStream: true,
    body: speakFormSchema,
    maxBodyBytes: () => settings.maxSpeechCharacters * BYTES_PER_CHARACTER + OTHER_BYTES,
    answers: {
      200: SOUND_ANSWER,
      202: {
        description: 'Accepted. The work continues in the background.',
        content: { 'application/json': wireAcceptedSchema },
        headers: { Location: 'Address of the job status.' },
      },
    },
    errors: ['forbidden', ...TEXT_ERRORS],
    handle: async ({ request, response, body }) => {
      const format = body.response_format;
      await encoders.mustHave(format);
      const asked = {
        text: body.text,
        options: speechOptionsOf(body),
        delivery: speechDeliveryOf(body),
        fileName: body.file_name,
        maxCharacters: settings.maxSpeechCharacters,
        textField: 'text',
      };
      const submitted = await submitText(asked, response, deps);
      if (body.async) return sendAccepted(request, response, submitted, ACCEPTED);
      response.set('X-Job-Id', submitted.request.id);
      const { warning } = submitted.voice;
      setWarnings(response, warning === null ? [] : [{ detail: warning }]);
      const sink = plainSink(response, format, settings.speechIdleMs, deps.logger);
      const sent = await streamSpeech(response, submitted, { format, sink, timeoutMs: settings.syncTimeoutMs }, deps);
      if (sent === 'deadline') {
        const hint = 'This takes longer than a request may wait. Poll the status, and use async=true for long texts.';
        sendAccepted(request, response, submitted, ACCEPTED, hint);
      }
    },
  });
}
