import { SottoError, type SpeechOffer, toIso, type WireOwnVoice, type WireSpokenVoice } from '@sotto/contracts';
import type { OwnVoice, OwnVoices } from '@sotto/queue';
import type { Principal } from '../http/principal.ts';
import { type FindJobDeps, findJob } from '../jobs/find.ts';

export interface ViewDeps extends FindJobDeps {
  ownVoices: OwnVoices;
}

type State = Pick<WireOwnVoice, 'status' | 'progress' | 'error' | 'detail'>;

/** A voice as its owner sees it: without what it is made of. */
export async function toWireOwnVoice(voice: OwnVoice, principal: Principal, deps: ViewDeps): Promise<WireOwnVoice> {
  const { id, name, createdAtMs, consent, jobId, matched } = voice;
  const made = matched && {
    similarity: matched.similarity,
    nearest: matched.nearest,
    engine: matched.engine,
    language: matched.language,
  };
  const state = matched === undefined ? await stateOf(voice, principal, deps) : { status: 'ready' };
  return { id, name, kind: 'matched', ...state, created_at: toIso(createdAtMs), consent, job_id: jobId, ...made };
}

/** Of one that is not made yet. */
async function stateOf({ jobId }: OwnVoice, principal: Principal, deps: ViewDeps): Promise<State> {
  const run = await runOf(jobId, principal, deps);
  if (run?.status === 'processing') return { status: 'processing', progress: Math.floor(run.progress) };
  const { code, detail } = run?.error ?? GONE;
  return { status: 'failed', error: code, detail };
}

const GONE = { code: 'job_cancelled', detail: 'The job that was to make it was cancelled, or is gone.' };

async function runOf(jobId: string, principal: Principal, deps: FindJobDeps) {
  try {
    return (await findJob(jobId, principal, deps)).run;
  } catch (error) {
    if (error instanceof SottoError && ['job_not_found', 'result_expired'].includes(error.code)) return null;
    throw error;
  }
}

/** Voices that are ready, among those of the engine that they are made of; none where that is not there. */
export function spokenOwnVoices(voices: readonly OwnVoice[], offers: readonly SpeechOffer[]): WireSpokenVoice[] {
  return voices.flatMap(({ id, name, matched }) => {
    const offer = offers.find(({ engine }) => engine === matched?.engine);
    const [voice] = offer?.voices ?? [];
    if (matched === undefined || offer === undefined || voice === undefined) return [];
    const { engine, similarity, language } = matched;
    const languages = [language, ...voice.languages.filter((code) => code !== language)];
    const own = { id, name, languages, gender: null, quality: 'medium', kind: 'matched', similarity } as const;
    return [{ ...own, licence: 'own', engine, model: offer.model }];
  });
}
