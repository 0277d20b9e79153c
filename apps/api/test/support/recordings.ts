import { concat, encodeWav, nanoUtterances, pause, speak } from '@sotto/testkit';

export interface SpokenRecording {
  wav: Uint8Array;
  /** 16 kHz mono, signed 16 bit, little endian: what Bazarr sends. */
  pcm: Uint8Array;
  text: string;
  durationMs: number;
}

/** Phrases that sotto-nano hears well, with a pause of that length behind each. */
export async function recording(seed: number, phrases = 1, pauseMs = 400): Promise<SpokenRecording> {
  const utterances = nanoUtterances(phrases, { seed, minWords: 4, maxWords: 4, languages: ['en'] });
  const spoken = await Promise.all(utterances.map((utterance) => speak(utterance.text, utterance)));
  const samples = concat(...spoken.flatMap((one) => [one.samples, pause(pauseMs)]));
  return {
    wav: encodeWav(samples),
    pcm: new Uint8Array(samples.buffer.slice(samples.byteOffset, samples.byteOffset + samples.byteLength)),
    text: utterances.map(({ text }) => text).join(' '),
    durationMs: samples.length / 16,
  };
}
