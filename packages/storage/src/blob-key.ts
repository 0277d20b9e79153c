import { randomUUID } from 'node:crypto';
import { MAX_CHANNELS, SPEAKER_PIECE_SECONDS } from '@sotto/contracts';
import { BLOB_KINDS, type BlobKind } from './blob-store.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;

/** `uploads/1f/1f0c...`: two letters of the name spread a busy folder over 256. */
export function blobKey(kind: BlobKind, name: string = randomUUID()): string {
  if (!NAME.test(name)) throw new TypeError(`not a blob name: ${JSON.stringify(name)}`);
  return `${kind}/${shardOf(name)}/${name}`;
}

export function kindOf(key: string): BlobKind {
  const [kind, shard, name, ...rest] = key.split('/');
  const known = BLOB_KINDS.find((candidate) => candidate === kind);
  if (known === undefined || name === undefined || rest.length > 0 || !NAME.test(name) || shard !== shardOf(name)) {
    throw new TypeError(`not a blob key: ${JSON.stringify(key)}`);
  }
  return known;
}

/** Any text as a key; null when it is none of ours. */
export function keyOrNull(text: string): string | null {
  try {
    kindOf(text);
    return text;
  } catch {
    return null;
  }
}

/** Spread by a small hash: deterministic names often begin alike. */
function shardOf(name: string): string {
  let hash = 0;
  for (const character of name) hash = (hash * 31 + character.charCodeAt(0)) % 65_521;
  return (hash % 256).toString(16).padStart(2, '0');
}

/** Decoded audio: of a recording, or of one of its channels, from 0. */
export function audioKeyOf(runId: string, channel = 0): string {
  return blobKey('audio', audioNameOf(runId, channel));
}

/** Decoded audio has the name of its run, so that a run that is prepared twice leaves no second one. */
export const audioNameOf = (runId: string, channel: number): string =>
  channel === 0 ? runId : `${runId}-channel-${channel}`;

/** What was heard of who speaks in one piece of a decoded recording; see SPEAKER_PIECE_SECONDS. */
export function heardKeyOf(runId: string, piece: number): string {
  return blobKey('audio', heardNameOf(runId, piece));
}

export const heardNameOf = (runId: string, piece: number): string => `${runId}-heard-${piece}`;

/** The sound of one piece of a text, s16le mono. */
export function pieceKeyOf(runId: string, index: number): string {
  return blobKey('audio', pieceNameOf(runId, index));
}

export const pieceNameOf = (runId: string, index: number): string => `${runId}-piece-${index}`;

/** A result in storage, by the name of its run. */
export const resultKeyOf = (runId: string): string => blobKey('results', runId);

/** A consent, or the sample of an own voice: whose it is, and which, since a record in Redis says whether it is still needed. */
export const voiceFileName = (keyId: string | null, id: string): string => `${id}_${keyId ?? NOBODY}`;

export const voiceFileKey = (keyId: string | null, id: string): string => blobKey('voices', voiceFileName(keyId, id));

/** null: its name is none of these. */
export function ownerOfVoiceFile(key: string): { keyId: string | null; id: string } | null {
  const [, id, keyId] = /^((?:cons|voice)_[0-9a-f]{32})_(.+)$/.exec(blobNameOf(key)) ?? [];
  if (id === undefined || keyId === undefined) return null;
  return { id, keyId: keyId === NOBODY ? null : keyId };
}

/** No API key has this id. */
const NOBODY = '-';

/** What tells which decoded audio of a run there may be. */
export interface DecodedRun {
  id: string;
  /** Absent: the run has none. */
  durationMs?: number | null;
  options: object;
  /** Of a text; absent: the run has a recording. */
  piecesTotal?: number | null;
}

/** All that may be there of the decoded recording of a run: its audio, and what was heard in it; or the sound of a text. */
export function decodedKeysOf({ id, durationMs, options, piecesTotal }: DecodedRun): string[] {
  if (piecesTotal !== undefined) return Array.from({ length: piecesTotal ?? 0 }, (_, index) => pieceKeyOf(id, index));
  const channels = 'channels' in options ? MAX_CHANNELS : 1;
  const pieces = Math.ceil((durationMs ?? 0) / 1000 / SPEAKER_PIECE_SECONDS);
  return [
    ...Array.from({ length: channels }, (_, channel) => audioKeyOf(id, channel)),
    ...Array.from({ length: pieces }, (_, piece) => heardKeyOf(id, piece)),
  ];
}

/** The run to whose decoded recording a blob of kind `audio` belongs. */
export const runIdOfAudio = (key: string): string => blobNameOf(key).slice(0, UUID_CHARACTERS);

const UUID_CHARACTERS = 36;

/** The name a blob was given, or that was made up for it. */
export function blobNameOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}
