import { createHash, randomUUID } from 'node:crypto';
import type { SpeechOptions, SpeechResult, SpeechRun } from '@sotto/contracts';
import { acceptWork } from '@sotto/queue';
import { waitFor } from '@sotto/testkit';
import { DELIVERY, type Fleet } from './fleet.ts';

const OPTIONS: SpeechOptions = { voice: 'auto', language: null, speed: 1, textFormat: 'text' };

/** Without a key of the work, it is as with `cache=false`. */
export interface Sender {
  workKey?: string | null;
  keyId?: string | null;
}

/** Accepts a text as the API does. */
export async function submitText(
  fleet: Fleet,
  text: string,
  options: Partial<SpeechOptions> = {},
  { workKey = null, keyId = null }: Sender = {},
): Promise<SpeechRun> {
  const requestId = randomUUID();
  const bytes = Buffer.from(text);
  const writer = await fleet.blobs.createWriter('uploads', requestId);
  await writer.write(bytes);
  const { key: blobKey } = await writer.commit();
  const { run } = await acceptWork(fleet.runs, fleet.producer, {
    kind: 'speech',
    workKey,
    modelDigest: null,
    requestId,
    input: {
      blobKey,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      bytes: bytes.length,
      characters: [...text].length,
      fileName: 'text.txt',
    },
    options: { ...OPTIONS, ...options },
    delivery: DELIVERY,
    lane: 'interactive',
    keyId,
    fileName: 'text.txt',
    nowMs: Date.now(),
  });
  return asSpeech(run);
}

export async function endedText(fleet: Fleet, runId: string, timeoutMs = 60_000): Promise<SpeechRun> {
  const ended = async () => (await fleet.runs.run(runId))?.status !== 'processing';
  await waitFor(ended, { what: 'a text to be spoken', timeoutMs, intervalMs: 20 });
  return asSpeech(await fleet.runs.run(runId));
}

/** The result of a text and its sound, through the whole pipeline. */
export async function spokenText(
  fleet: Fleet,
  text: string,
  options: Partial<SpeechOptions> = {},
  sender: Sender = {},
): Promise<{ run: SpeechRun; result: SpeechResult; sound: Buffer }> {
  const { id } = await submitText(fleet, text, options, sender);
  const run = await endedText(fleet, id);
  const result = await fleet.runs.result<SpeechResult>(run);
  if (result === null) throw new Error(`the run ended as ${run.status}: ${run.error?.code} ${run.error?.detail}`);
  return { run, result, sound: await fleet.blobs.read(result.audio.blobKey) };
}

function asSpeech(run: unknown): SpeechRun {
  if ((run as SpeechRun | null)?.kind !== 'speech') throw new Error('not a speech');
  return run as SpeechRun;
}
