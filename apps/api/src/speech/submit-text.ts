import { type DeliveryOptions, SottoError, type SpeechOptions } from '@sotto/contracts';
import type { Attached, Backlog, BacklogLimits } from '@sotto/queue';
import { traceParent } from '@sotto/runtime';
import { blobNameOf } from '@sotto/storage';
import type { Response } from 'express';
import { invalidParameter } from '../http/invalid-parameter.ts';
import type { KeyShares } from '../http/key-shares.ts';
import { localsOf } from '../http/locals.ts';
import type { Principal } from '../http/principal.ts';
import type { ApiSettings } from '../settings/settings.ts';
import { acceptDurably, type DurableDeps } from '../transcriptions/accept-durably.ts';
import { checkDelivery, type DeliveryDeps } from '../transcriptions/allowed.ts';
import { laneOf, withAddressOfKey } from '../transcriptions/wanted.ts';
import { workKeyOf } from '../transcriptions/work-key.ts';
import type { StagedFile } from '../uploads/staged-file.ts';
import { stageText } from './staged-text.ts';
import type { ExpectedVoice, VoiceDirectory } from './voice-directory.ts';

export interface SubmitTextDeps extends DurableDeps, DeliveryDeps {
  settings: Pick<ApiSettings, 'keepAfterEndMs' | 'maxQueuedCharacters' | 'asyncEnabled' | 'webhooksEnabled'>;
  keyShares: KeyShares;
  backlog: Pick<Backlog, 'size'>;
  voiceDirectory: VoiceDirectory;
}

/** A text, or a document that has come in, of which nobody knows yet how long its text is. */
export type SpeechSource = { text: string } | { document: StagedFile<unknown> };

/** What is to be spoken, and how. */
export interface AskedSpeech {
  source: SpeechSource;
  options: SpeechOptions;
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

const RETRY_AFTER_SECONDS = 30;
const LONE_SURROGATE = /\p{Cs}/u;

/**
 * Turns a text into a request on a run of kind `speech`: text and manifest are durable before the run exists, the run
 * before its job, and only then the caller answers. Nothing is left of a text that is refused; a document is for the caller to
 * discard.
 *
 * @throws SottoError `text_too_long`, `invalid_parameter`, `language_not_supported`, `speech_unavailable`, `service_full`,
 *   `key_full`, `quota_exceeded`, storage's own
 */
export async function submitText(
  { source, options, delivery: wanted, fileName, ...door }: AskedSpeech,
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
  const voice = await deps.voiceDirectory.resolve({ voice: options.voice, language: options.language ?? 'auto' });
  await mustHaveRoom(deps);
  const limits = await limitsOf(principal, deps);
  const staged = 'text' in source ? await stageText(source.text, deps.storage) : source.document;
  const { blobKey, sha256, bytes } = staged;
  const { maxCharacters } = door;
  const { keyId } = principal;
  const trace = traceParent();
  const attached = await acceptDurably(
    staged,
    {
      kind: 'speech',
      workKey: delivery.cache ? workKeyOf({ kind: 'speech', sha256, options, keyId }) : null,
      modelDigest: voice.digest,
      requestId: blobNameOf(blobKey),
      input: { blobKey, sha256, bytes, characters, fileName, ...('document' in source && { maxCharacters }) },
      options,
      delivery,
      lane,
      keyId,
      fileName,
      nowMs: Date.now(),
      ...(trace !== null && { trace }),
      limits,
    },
    null,
    deps,
  );
  const { request, run, joined } = attached;
  Object.assign(metadata, { jobId: request.id, runId: run.id, characters, voice: options.voice, joined });
  return { ...attached, voice, characters };
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

/** @throws SottoError `service_full` */
async function mustHaveRoom({ backlog, settings }: SubmitTextDeps): Promise<void> {
  const { cost } = await backlog.size('characters');
  if (cost < settings.maxQueuedCharacters) return;
  throw new SottoError('service_full', `${cost} characters are waiting to be spoken.`, {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

async function limitsOf(principal: Principal, { keyShares }: SubmitTextDeps): Promise<BacklogLimits> {
  const share = keyShares.queue(principal);
  const { heldBytes } = await keyShares.held(principal);
  return { runs: principal.key?.limits.concurrentJobs ?? share.runs, cost: share.characters, bytes: heldBytes };
}
