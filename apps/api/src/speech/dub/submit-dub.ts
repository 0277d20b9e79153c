import {
  type DeliveryOptions,
  DUB_FORMAT,
  type DubForm,
  type DubScript,
  type DubVideo,
  deliveryOptionsOf,
  type ErrorCode,
  pronunciationsOf,
  SottoError,
} from '@sotto/contracts';
import type { Request, Response } from 'express';
import { invalidParameter } from '../../http/invalid-parameter.ts';
import { BODY_ERRORS } from '../../http/json-body.ts';
import type { Rendered } from '../../results/renderer.ts';
import type { ApiSettings } from '../../settings/settings.ts';
import type { Encoders } from '../../sound/encoder.ts';
import { sendAccepted } from '../../transcriptions/accepted.ts';
import { TEXT_ERRORS } from '../speak.ts';
import { type SubmitTextDeps, submitText } from '../submit-text.ts';
import type { ExpectedVoice } from '../voice-directory.ts';
import { cast, type Role } from './cast.ts';
import { type Said, saidSchema } from './said-lines.ts';

export type SubmitDubDeps = SubmitTextDeps & {
  settings: Pick<ApiSettings, 'maxSpeechCharacters'>;
  encoders: Pick<Encoders, 'mustHave'>;
};

/** What the body of a dub, and what is to be said, may be refused for. */
export const DUB_ERRORS: ErrorCode[] = [...TEXT_ERRORS, ...BODY_ERRORS];

/** What is to be dubbed. */
export interface Dubbed {
  form: DubForm;
  /** Of its recording, for display. */
  fileName: string;
  /** What it is put into, besides; the language in it is that of the transcript. Absent: nothing. */
  video?: Omit<DubVideo, 'language'>;
  /** What is said in it, by dubRenderer. Called when the form is known to be possible. @throws SottoError that it has none */
  said(): Promise<Rendered<string | Buffer>>;
}

/**
 * Makes a job of kind `speech` that speaks a transcript into its times, and answers 202 with it.
 *
 * @throws SottoError what `said` and submitText throw, `text_too_long`, `invalid_parameter`
 */
export async function submitDub(
  { form, fileName, video, said: render }: Dubbed,
  request: Request,
  response: Response,
  deps: SubmitDubDeps,
): Promise<void> {
  await deps.encoders.mustHave(form.response_format);
  const said = saidSchema.parse(JSON.parse((await render()).body.toString()));
  const asked = { voice: form.voice, language: form.language ?? said.language };
  const script = await scriptOf(said, form, asked.language ?? 'auto', deps);
  const into = video && { video: { ...video, language: said.heard } };
  const submitted = await submitText(
    {
      source: { text: JSON.stringify({ ...script, ...into }) },
      options: { ...asked, speed: 1, textFormat: DUB_FORMAT, ...pronunciationsOf(form.pronunciations ?? []) },
      dictionary: form.dictionary,
      delivery: deliveryOf(form),
      fileName,
      maxCharacters: Number.POSITIVE_INFINITY,
      characters: charactersOf(script, deps.settings),
      textField: 'id',
    },
    response,
    deps,
  );
  sendAccepted(request, response, submitted, 'Dubbing job accepted');
}

function deliveryOf({ response_format: audioFormat, cache }: DubForm): DeliveryOptions {
  return { ...deliveryOptionsOf({ async: true, cache }), audioFormat };
}

/** @throws SottoError `text_too_long`, `invalid_parameter` */
function charactersOf({ lines }: DubScript, { maxSpeechCharacters: most }: SubmitDubDeps['settings']): number {
  const characters = lines.reduce((sum, { text }) => sum + [...text].length, 0);
  if (characters === 0) throw new SottoError('invalid_parameter', 'The transcript has nothing to say.');
  if (characters <= most) return characters;
  throw new SottoError('text_too_long', `It has ${characters} characters; at most ${most} are possible.`, {
    fields: { max_characters: most },
  });
}

async function scriptOf(said: Said, form: DubForm, language: string, deps: SubmitDubDeps): Promise<DubScript> {
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
  { voiceDirectory }: SubmitDubDeps,
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
