import { type ErrorCode, wireAcceptedSchema } from '@sotto/contracts';
import type { Logger } from '@sotto/runtime';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { setWarnings } from '../http/warning-header.ts';
import { SPEECH_RUN_ERRORS } from '../results/outcome.ts';
import type { ApiSettings } from '../settings/settings.ts';
import { SOUND_ANSWER } from '../sound/answers.ts';
import { sendAccepted } from '../transcriptions/accepted.ts';
import { acceptSpeech, DOCUMENT_ERRORS, speechBody } from './accept-speech.ts';
import { plainSink } from './sound-sink.ts';
import { type StreamSpeechDeps, streamSpeech } from './stream-speech.ts';
import type { SubmitTextDeps } from './submit-text.ts';

export type SpeakDeps = SubmitTextDeps & StreamSpeechDeps & { settings: ApiSettings; logger: Logger };

/** What any door for texts may refuse. */
export const TEXT_ERRORS: ErrorCode[] = [
  'unsupported_media_type',
  'invalid_parameter',
  'text_too_long',
  'language_not_supported',
  'voice_not_found',
  'voice_not_ready',
  'dictionary_not_found',
  'speech_unavailable',
  'too_many_streams',
  'streams_full',
  ...SPEECH_RUN_ERRORS,
];

const ACCEPTED = 'Speech job accepted';

export function speakEndpoint(deps: SpeakDeps): Endpoint {
  const { settings } = deps;
  return endpoint({
    method: 'post',
    path: '/speak',
    summary: 'Speak a text, or a document',
    description: [
      'The answer is the sound, sent while it is made: the first of it comes as soon as the first clause is spoken. With',
      '`async=true`, or when nothing is spoken within the time a request may wait, it is 202 with the address of the job. The',
      'same text with the same options is spoken only once per key. GET /jobs/{id}/result has it in any format, as captions',
      'and as JSON with the time of each piece. A document (text, Markdown, SSML, srt, vtt, docx or epub) is sent as a form.',
    ].join(' '),
    tag: 'speech',
    access: 'transcribe',
    createsWork: true,
    isStream: true,
    streamedBody: speechBody,
    answers: {
      200: SOUND_ANSWER,
      202: {
        description: 'Accepted. The work continues in the background.',
        content: { 'application/json': wireAcceptedSchema },
        headers: { Location: 'Address of the job status.' },
      },
    },
    errors: ['forbidden', ...DOCUMENT_ERRORS, ...TEXT_ERRORS],
    handle: async ({ request, response }) => {
      const { form, submitted } = await acceptSpeech(request, response, deps);
      const { async: isAsync, response_format: format } = form;
      if (isAsync) return sendAccepted(request, response, submitted, ACCEPTED);
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
