import { type DeliveryOptions, isOwnVoice, mayNameOwnVoice, SottoError, type SpeechOptions } from '@sotto/contracts';
import type { Attached, Dictionaries, OwnVoices } from '@sotto/queue';
import type { Response } from 'express';
import { withPronunciations } from '../dictionaries/with-pronunciations.ts';
import { invalidParameter } from '../http/invalid-parameter.ts';
import { localsOf } from '../http/locals.ts';
import type { Principal } from '../http/principal.ts';
import { checkDelivery, type DeliveryDeps } from '../transcriptions/allowed.ts';
import { laneOf, withAddressOfKey } from '../transcriptions/wanted.ts';
import type { StagedFile } from '../uploads/staged-file.ts';
import { type AcceptTextDeps, acceptText, type TextSource } from './accept-text.ts';
import { ownVoiceMeant } from './own-voice.ts';
import type { ExpectedVoice, VoiceDirectory } from './voice-directory.ts';

export interface SubmitTextDeps extends AcceptTextDeps, DeliveryDeps {
  settings: AcceptTextDeps['settings'] & DeliveryDeps['settings'];
  voiceDirectory: VoiceDirectory;
  ownVoices: Pick<OwnVoices, 'voice'>;
  dictionaries: Pick<Dictionaries, 'find'>;
}

/** What is to be spoken, and how. */
export interface AskedSpeech {
  source: TextSource;
  options: SpeechOptions;
  /** Name of one of its key's, which adds to the options; absent: none. */
  dictionary?: string | undefined;
  delivery: DeliveryOptions;
  fileName: string;
  /** Of this door. */
  maxCharacters: number;
  /** What its clients call the text. */
  textField: string;
  /** Whose it is; absent: the caller's. */
  sender?: Principal;
  /** Where the text is not only what is said; absent: all of it is. */
  characters?: number;
}

export interface SubmittedText extends Attached {
  voice: ExpectedVoice;
  /** Of the text, as it was sent; of a document: a guess. */
  characters: number;
}

const LONE_SURROGATE = /\p{Cs}/u;

/**
 * Turns a text into a request on a run of kind `speech`: text and manifest are durable before the run exists, the run
 * before its job, and only then the caller answers. Nothing is left of a text that is refused; a document is for the caller to
 * discard.
 *
 * @throws SottoError `text_too_long`, `invalid_parameter`, `dictionary_not_found`, `language_not_supported`, `speech_unavailable`,
 *   `service_full`, `key_full`, `quota_exceeded`, storage's own
 */
export async function submitText(
  { source, options: own, delivery: wanted, fileName, ...door }: AskedSpeech,
  response: Response,
  deps: SubmitTextDeps,
): Promise<SubmittedText> {
  const { principal: caller, metadata } = localsOf(response);
  const principal = door.sender ?? caller;
  const characters =
    door.characters ?? ('text' in source ? countCharacters(source.text, door) : guessCharacters(source.document, door));
  checkDelivery(wanted, principal, deps);
  const delivery = withAddressOfKey(wanted, principal);
  const lane = laneOf(delivery, principal);
  const options = withOwnVoices(await withPronunciations(own, door.dictionary, principal, deps), source);
  const asked = { voice: options.voice, language: options.language ?? 'auto' };
  const voice = await (isOwnVoice(options.voice)
    ? ownVoiceMeant(asked, principal, deps)
    : deps.voiceDirectory.resolve(asked));
  const { maxCharacters } = door;
  const spoken = { kind: 'speech', source, characters, maxCharacters, options } as const;
  const attached = await acceptText(
    { ...spoken, delivery, lane, fileName, modelDigest: voice.digest },
    principal,
    deps,
  );
  const { request, run, joined } = attached;
  Object.assign(metadata, { jobId: request.id, runId: run.id, characters, voice: options.voice, joined });
  return { ...attached, voice, characters };
}

function withOwnVoices(options: SpeechOptions, source: TextSource): SpeechOptions {
  const mayBe = options.textFormat === 'ssml' && 'text' in source && mayNameOwnVoice(source.text);
  return mayBe ? { ...options, ownVoicesWithin: true } : options;
}

/** In Unicode code points. @throws SottoError `text_too_long`, `invalid_parameter` for one that is no text */
function countCharacters(
  text: string,
  { maxCharacters: most, textField }: Pick<AskedSpeech, 'maxCharacters' | 'textField'>,
): number {
  if (LONE_SURROGATE.test(text)) throw invalidParameter(textField, 'has halves of characters (lone surrogates)');
  let characters = 0;
  for (const _ of text) characters += 1;
  if (characters <= most) return characters;
  throw new SottoError('text_too_long', `It has ${characters} characters; at most ${most} are possible.`, {
    fields: { max_characters: most },
  });
}

/** Settled when it has been read. */
const guessCharacters = (
  { bytes }: StagedFile<unknown>,
  { maxCharacters }: Pick<AskedSpeech, 'maxCharacters'>,
): number => Math.min(bytes, maxCharacters);
