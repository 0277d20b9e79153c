import { type RunOf, SottoError } from '@sotto/contracts';
import type { Attached, AttachInput, Backlog, BacklogLimits } from '@sotto/queue';
import { traceParent } from '@sotto/runtime';
import { blobNameOf } from '@sotto/storage';
import type { KeyShares } from '../http/key-shares.ts';
import type { Principal } from '../http/principal.ts';
import type { ApiSettings } from '../settings/settings.ts';
import { acceptDurably, type DurableDeps } from '../transcriptions/accept-durably.ts';
import { workKeyOf } from '../transcriptions/work-key.ts';
import type { StagedFile } from '../uploads/staged-file.ts';
import { stageText } from './staged-text.ts';

export interface AcceptTextDeps extends DurableDeps {
  settings: Pick<ApiSettings, 'keepAfterEndMs' | 'maxQueuedCharacters'>;
  keyShares: KeyShares;
  backlog: Pick<Backlog, 'size'>;
}

/** A text, or a document that has come in, of which nobody knows yet how long its text is. */
export type TextSource = { text: string } | { document: StagedFile<unknown> };

interface TextWorkOf<K extends 'speech' | 'matching'>
  extends Pick<AttachInput, 'delivery' | 'lane' | 'fileName' | 'modelDigest'> {
  kind: K;
  options: RunOf<K>['options'];
  /** What is stored, and read by the worker. */
  source: TextSource;
  /** The longest that a document may be. */
  maxCharacters?: number;
  /** Expected cost. */
  characters: number;
  /** Called with the id of the request before there is one; what it throws is the outcome. */
  onNamed?(requestId: string): Promise<void>;
}
/** Work that is made of a text: what is to be spoken, or what voices are to be like. */
export type TextWork = TextWorkOf<'speech'> | TextWorkOf<'matching'>;

const RETRY_AFTER_SECONDS = 30;

/**
 * Makes a request on a run of a text: text and manifest are durable before the run exists, the run before its job.
 *
 * @throws SottoError `service_full`, `key_full`, `quota_exceeded`, storage's own; nothing is left then
 */
export async function acceptText(work: TextWork, principal: Principal, deps: AcceptTextDeps): Promise<Attached> {
  const { keyId } = principal;
  const { source, characters, maxCharacters, onNamed, ...asked } = work;
  await mustHaveRoom(deps);
  const limits = await limitsOf(principal, deps);
  const staged = 'text' in source ? await stageText(source.text, deps.storage) : source.document;
  const longest = 'document' in source && maxCharacters !== undefined && { maxCharacters };
  const { blobKey, sha256, bytes } = staged;
  const requestId = blobNameOf(blobKey);
  await onNamed?.(requestId).catch(async (error: unknown) => {
    await staged.discard();
    throw error;
  });
  const trace = traceParent();
  const request: AttachInput = {
    ...asked,
    workKey: asked.delivery.cache ? workKeyOf({ ...asked, sha256, keyId }) : null,
    requestId,
    input: { blobKey, sha256, bytes, characters, fileName: asked.fileName, ...longest },
    keyId,
    nowMs: Date.now(),
    ...(trace !== null && { trace }),
    limits,
  };
  return acceptDurably(staged, request, null, deps);
}

/** @throws SottoError `service_full` */
async function mustHaveRoom({ backlog, settings }: AcceptTextDeps): Promise<void> {
  const { cost } = await backlog.size('characters');
  if (cost < settings.maxQueuedCharacters) return;
  throw new SottoError('service_full', `${cost} characters are waiting to be spoken.`, {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

async function limitsOf(principal: Principal, { keyShares }: AcceptTextDeps): Promise<BacklogLimits> {
  const share = keyShares.queue(principal);
  const { heldBytes } = await keyShares.held(principal);
  return { runs: principal.key?.limits.concurrentJobs ?? share.runs, cost: share.characters, bytes: heldBytes };
}
