import { isOwnVoice, type MatchedVoice, type RunOf, SottoError, type VoiceMix } from '@sotto/contracts';
import { type OwnVoice, type OwnVoices, type PiecePayload, Postponed, type Runs } from '@sotto/queue';
import { type Engines, resolveOwnVoice } from '@sotto/voices';
import { PASS_ON } from './voice-box.ts';

export type ReadyVoice = OwnVoice & { matched: MatchedVoice };

/** @throws SottoError `voice_not_found`, `voice_not_ready` */
async function findReady(keyId: string | null, id: string, ownVoices: Pick<OwnVoices, 'voice'>): Promise<ReadyVoice> {
  const voice = await ownVoices.voice(keyId, id);
  if (voice === null) throw new SottoError('voice_not_found', 'The voice has been deleted.');
  return readyVoice(voice);
}

/** @throws SottoError `voice_not_ready` */
function readyVoice(voice: OwnVoice): ReadyVoice {
  const { matched } = voice;
  if (matched === undefined) throw new SottoError('voice_not_ready', 'The voice has not been made.');
  return { ...voice, matched };
}

/**
 * The engines with the voice that a text asks for, if that is one of its key's own.
 * @throws Postponed where only other workers have its engine; SottoError `voice_not_found`, `voice_not_ready`
 */
export async function withOwnVoice(
  { keyId, options }: Pick<RunOf<'speech'>, 'keyId' | 'options'>,
  engines: Engines,
  ownVoices: Pick<OwnVoices, 'voice'>,
): Promise<Pick<Engines, 'resolve' | 'offers'>> {
  if (!isOwnVoice(options.voice)) return engines;
  const own = await findReady(keyId, options.voice, ownVoices);
  const offers = engines.offers();
  if (!offers.some(({ engine }) => engine === own.matched.engine)) {
    throw new Postponed(`${own.matched.engine} is for a worker that has it`, PASS_ON);
  }
  return {
    offers: () => offers,
    resolve: (asked) =>
      asked.voice === own.id ? resolveOwnVoice(own, asked.language, offers) : engines.resolve(asked),
  };
}

/**
 * The engines with those of its key's own voices that a text asks for in the middle of it. What is no voice of the key is none
 * of the engines, either.
 */
export async function withVoicesWithin(
  { keyId }: Pick<RunOf<'speech'>, 'keyId'>,
  pieces: readonly { voice: string | null }[],
  engines: Pick<Engines, 'resolve' | 'offers'>,
  ownVoices: Pick<OwnVoices, 'voices'>,
): Promise<Pick<Engines, 'resolve'>> {
  if (!pieces.some(({ voice }) => voice !== null && isOwnVoice(voice))) return engines;
  const own = new Map((await ownVoices.voices(keyId)).map((voice) => [voice.id, voice]));
  return {
    resolve: (asked) => {
      const voice = own.get(asked.voice);
      return voice ? resolveOwnVoice(readyVoice(voice), asked.language, engines.offers()) : engines.resolve(asked);
    },
  };
}

/**
 * What the voice of a piece is made of, read now: of one that has been deleted, no further piece is spoken.
 * @returns undefined: it is one of the engine's
 * @throws SottoError `voice_not_found`
 */
export async function mixOf(
  { runId, voice }: Pick<PiecePayload, 'runId' | 'voice'>,
  { runs, ownVoices }: { runs: Pick<Runs, 'run'>; ownVoices: Pick<OwnVoices, 'voice'> },
): Promise<VoiceMix | undefined> {
  if (!isOwnVoice(voice)) return undefined;
  const run = await runs.run(runId);
  if (run === null) throw new SottoError('job_cancelled', 'The job of the piece is gone.');
  return (await findReady(run.keyId, voice, ownVoices)).matched.mix;
}
