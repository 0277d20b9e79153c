import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { type ErrorCode, SottoError, type VoiceResult } from '@sotto/contracts';
import type { Attached, Runs, Voices } from '@sotto/queue';
import type { Response } from 'express';
import { askForVoice, type HeardVoiceDeps, heardVoice } from '../enrolment/heard-voice.ts';
import { invalidParameter } from '../http/invalid-parameter.ts';
import { localsOf } from '../http/locals.ts';
import type { ApiSettings } from '../settings/settings.ts';
import { type SubmitDeps, submitUpload } from '../transcriptions/submit.ts';
import type { ReceivedUpload } from '../uploads/receive.ts';
import { stageFile } from '../uploads/staged-file.ts';
import type { OpenAiOptions } from './form.ts';
import type { SpeakerReference } from './reference-fields.ts';

export interface LendDeps extends SubmitDeps, HeardVoiceDeps {
  settings: ApiSettings;
  voices: Pick<Voices, 'list' | 'lend'>;
}

/** An encoder may add a little to the ten seconds that are allowed. */
const REFERENCE = { leastSpeechMs: 1_000, longestMs: 10_500 };

/** What is wrong with a reference, and not with the service. */
const OF_THE_SAMPLE: readonly ErrorCode[] = [
  'sample_not_usable',
  'audio_too_short',
  'audio_too_long',
  'no_audio_stream',
  'undecodable_media',
  'decode_timeout',
  'invalid_file_format',
  'empty_file',
];

/** Then nobody is recognized, and the text does not suffer for it. */
const UNHEARD: readonly ErrorCode[] = ['model_not_available', 'model_load_failed', 'transcription_failed'];

/** Options with the voices that the request brings along, or with a note that says why not. */
export async function withLentVoices(
  options: OpenAiOptions,
  upload: ReceivedUpload,
  response: Response,
  deps: LendDeps,
): Promise<OpenAiOptions> {
  if (options.references.length === 0) return options;
  try {
    const known = await lendVoices(options.references, upload, response, deps);
    return { ...options, run: { ...options.run, speakers: { known } } };
  } catch (error) {
    if (!(error instanceof SottoError) || !UNHEARD.includes(error.code)) throw error;
    return { ...options, notes: [...options.notes, `known_speaker_references have no effect: ${error.detail}`] };
  }
}

/**
 * Has the voices of a request heard, and lends them to its work for as long as its client may wait.
 *
 * @returns their ids, which are the same when the same request is sent again
 * @throws SottoError `invalid_parameter` for a reference that does not tell how somebody sounds; what `heardVoice` throws
 */
async function lendVoices(
  references: readonly SpeakerReference[],
  upload: ReceivedUpload,
  response: Response,
  deps: LendDeps,
): Promise<string[]> {
  const { keyId } = localsOf(response).principal;
  const ids = idsOf(references, upload, keyId);
  const heard = await Promise.all(references.map((reference) => hear(reference, response, deps)));
  for (const [at, { model, embedding }] of heard.entries()) {
    const voice = { id: ids[at] ?? '', name: references[at]?.name ?? '', model, embedding };
    await deps.voices.lend(keyId, voice, deps.settings.dialectTimeoutMs);
  }
  return ids.sort();
}

/**
 * When the client has gone, so have its voices, unless their work goes on: the same request sent again finds it then, and they
 * expire by themselves.
 */
export function takeBackAfter(
  response: Response,
  { run: { id, keyId } }: Attached,
  voiceIds: readonly string[],
  { runs, voices }: { runs: Pick<Runs, 'run'>; voices: Pick<Voices, 'takeBack'> },
): void {
  const takeBack = async () => {
    const run = await runs.run(id);
    if (run?.status === 'completed') await voices.takeBack(keyId, voiceIds);
  };
  if (voiceIds.length > 0) response.once('close', () => void takeBack().catch(() => {}));
}

async function hear({ name, sample }: SpeakerReference, response: Response, deps: LendDeps): Promise<VoiceResult> {
  try {
    const file = await stageFile(Readable.from([sample]), { storage: deps.storage, maxFileBytes: sample.length });
    const upload = { file, fileName: 'reference', fields: {} };
    const { principal } = localsOf(response);
    const submitted = await submitUpload(upload, askForVoice(REFERENCE), principal, deps).catch(async (error) => {
      await file.discard();
      throw error;
    });
    return await heardVoice(submitted, response, deps);
  } catch (error) {
    if (!(error instanceof SottoError) || !OF_THE_SAMPLE.includes(error.code)) throw error;
    throw invalidParameter('known_speaker_references', `that of ${name} cannot be used: ${error.detail}`);
  }
}

/** From all that the request is, so that only the same request has the same. */
function idsOf(references: readonly SpeakerReference[], upload: ReceivedUpload, keyId: string | null): string[] {
  const all = createHash('sha256').update(JSON.stringify([keyId, upload.file.sha256]));
  for (const [field, value] of Object.entries(upload.fields)) {
    all.update(JSON.stringify([field, Array.isArray(value) ? value.length : 1]));
    for (const part of Array.isArray(value) ? value : [value]) all.update(`${JSON.stringify(part)},`);
  }
  const request = all.digest();
  return references.map((_, at) => uuidOf(createHash('sha256').update(request).update(String(at)).digest()));
}

/** Version 8 of RFC 9562: made by rules of one's own. */
function uuidOf(digest: Buffer): string {
  const bytes = Buffer.from(digest.subarray(0, 16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
