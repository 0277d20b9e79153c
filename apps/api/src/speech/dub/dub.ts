import {
  type DeliveryOptions,
  DUB_FORMAT,
  type DubForm,
  type DubScript,
  deliveryOptionsOf,
  dubFormSchema,
  type ErrorCode,
  SottoError,
  wireAcceptedSchema,
} from '@sotto/contracts';
import { type Endpoint, endpoint } from '../../http/endpoint.ts';
import { invalidParameter } from '../../http/invalid-parameter.ts';
import { BODY_ERRORS } from '../../http/json-body.ts';
import { type FindJobDeps, findJob, jobParams } from '../../jobs/find.ts';
import { RUN_ERRORS } from '../../results/outcome.ts';
import type { Results } from '../../results/results.ts';
import type { ApiSettings } from '../../settings/settings.ts';
import type { Encoders } from '../../sound/encoder.ts';
import { sendAccepted } from '../../transcriptions/accepted.ts';
import { TEXT_ERRORS } from '../speak.ts';
import { type SubmitTextDeps, submitText } from '../submit-text.ts';
import type { ExpectedVoice } from '../voice-directory.ts';
import { cast, type Role } from './cast.ts';
import { dubRenderer, type Said, saidSchema } from './said-lines.ts';

export type DubDeps = SubmitTextDeps &
  FindJobDeps & {
    settings: Pick<ApiSettings, 'maxSpeechCharacters'>;
    results: Pick<Results, 'transcript'>;
    encoders: Pick<Encoders, 'mustHave'>;
  };

const OWN_ERRORS: ErrorCode[] = ['forbidden', 'job_not_found', 'job_not_finished', 'no_transcript'];

/** A transcript, spoken into the times at which it was said. */
export function dubEndpoint(deps: DubDeps): Endpoint {
  return endpoint({
    method: 'post',
    path: '/jobs/{id}/dub',
    summary: 'Speak a transcript into its times',
    description: [
      'A new job of kind `speech`: each line of the transcript is spoken when it was said, by a voice for each speaker, 0.8 to',
      '1.3 times as fast as the voice is, so that it fits. What does not fit pushes what follows as far as it must. The sound is as',
      'long as the recording. To be had as all that is spoken: GET /jobs/{id}/result.',
    ].join(' '),
    tag: 'speech',
    access: 'transcribe',
    createsWork: true,
    params: jobParams,
    body: dubFormSchema,
    answers: {
      202: {
        description: 'Accepted.',
        content: { 'application/json': wireAcceptedSchema },
        headers: { Location: 'Address of the job status.' },
      },
    },
    errors: [...new Set<ErrorCode>([...OWN_ERRORS, ...RUN_ERRORS, ...TEXT_ERRORS, ...BODY_ERRORS])],
    handle: async ({ params, principal, request, body, response }) => {
      await deps.encoders.mustHave(body.response_format);
      const view = await findJob(params.id, principal, deps);
      const rendered = await deps.results.transcript(view, dubRenderer, null, response);
      const said = saidSchema.parse(JSON.parse(rendered.body.toString()));
      const asked = { voice: body.voice, language: body.language ?? said.language };
      const script = await scriptOf(said, body, asked.language ?? 'auto', deps);
      const submitted = await submitText(
        {
          source: { text: JSON.stringify(script) },
          options: { ...asked, speed: 1, textFormat: DUB_FORMAT },
          delivery: deliveryOf(body),
          fileName: view.request.fileName,
          maxCharacters: Number.POSITIVE_INFINITY,
          characters: charactersOf(script, deps.settings),
          textField: 'id',
        },
        response,
        deps,
      );
      sendAccepted(request, response, submitted, 'Dubbing job accepted');
    },
  });
}

function deliveryOf({ response_format: audioFormat, cache }: DubForm): DeliveryOptions {
  return { ...deliveryOptionsOf({ async: true, cache }), audioFormat };
}

/** @throws SottoError `text_too_long`, `invalid_parameter` */
function charactersOf({ lines }: DubScript, { maxSpeechCharacters: most }: DubDeps['settings']): number {
  const characters = lines.reduce((sum, { text }) => sum + [...text].length, 0);
  if (characters === 0) throw new SottoError('invalid_parameter', 'The transcript has nothing to say.');
  if (characters <= most) return characters;
  throw new SottoError('text_too_long', `It has ${characters} characters; at most ${most} are possible.`, {
    fields: { max_characters: most },
  });
}

async function scriptOf(said: Said, form: DubForm, language: string, deps: DubDeps): Promise<DubScript> {
  const { voiceDirectory } = deps;
  const usual = await voiceDirectory.resolve({ voice: form.voice, language });
  const roles = await rolesOf(said, form, usual, deps);
  const offer = (await voiceDirectory.offers()).find(({ engine }) => engine === usual.engine);
  const voices = cast(roles, usual, offer);
  const lines = said.lines.map(({ speaker, ...line }) => ({ ...line, voice: voices.get(speaker) ?? null }));
  return { durationMs: said.durationMs, lines };
}

/** Whoever says something, in the order in which they begin. @throws SottoError `invalid_parameter` of `voices` */
async function rolesOf(
  { lines, speakers }: Said,
  { voices }: DubForm,
  usual: ExpectedVoice,
  { voiceDirectory }: DubDeps,
): Promise<Role[]> {
  const named = new Map<number, string>();
  for (const [label, wish] of Object.entries(voices)) {
    const speaker = speakers.findIndex(({ id, name }) => id === label || name === label);
    if (speaker < 0) throw invalidParameter('voices', `nobody is called ${label}`);
    const { voice, engine } = await voiceDirectory.resolve({ voice: wish, language: usual.language });
    if (engine !== usual.engine) throw invalidParameter('voices', `${wish} is of another engine than ${usual.voice}`);
    named.set(speaker, voice);
  }
  const order = [...new Set(lines.map(({ speaker }) => speaker))];
  return order.map((speaker) => ({ speaker, named: speaker === null ? null : (named.get(speaker) ?? null) }));
}
