import { diarize, hearRecording, likenessOf, matchVoices, sampleOf, type Vector } from '@sotto/speakers';
import type { SpeakerNetworks } from '@sotto/whisper';
import type { Spoken } from './material.ts';

const SAMPLE_RATE = 16_000;
const THREADS = 2;

interface Voice {
  speaker: string;
  voice: Vector;
}

/** Voices from the first half of each recording, looked for in the second half of all of them. */
export async function knownVoices(
  recordings: readonly Spoken[],
  networks: SpeakerNetworks,
  sampleSeconds: number,
): Promise<string> {
  const samples: Voice[] = [];
  const heard: Voice[][] = [];
  for (const recording of recordings) {
    process.stderr.write(`  voices of ${recording.name}\n`);
    samples.push(...(await samplesOf(recording, networks, sampleSeconds)));
    heard.push(await speakersOf(recording, networks));
  }
  const pairs = samples.flatMap(({ speaker, voice }) =>
    heard.flat().map((other) => ({
      isSame: other.speaker === speaker,
      likeness: likenessOf([other.voice], [voice])[0]?.[0] ?? 0,
    })),
  );
  const same = pairs.filter(({ isSame }) => isSame).map(({ likeness }) => likeness);
  const other = pairs.filter(({ isSame }) => !isSame).map(({ likeness }) => likeness);
  const { right, missed, wrong, strangers, named } = outcomes(samples, heard);
  return [
    `Known voices by samples of ${sampleSeconds} s: one person's ${spread(same)}, two people's ${spread(other)};`,
    `${right} named rightly, ${missed} not, ${wrong} wrongly; ${named} of ${strangers} strangers named.`,
  ].join(' ');
}

/** Speech of each speaker that nobody else talks into, from the first half of a recording. */
async function samplesOf({ samples, truth }: Spoken, networks: SpeakerNetworks, seconds: number): Promise<Voice[]> {
  const half = samples.length / SAMPLE_RATE / 2;
  const found: Voice[] = [];
  for (const speaker of new Set(truth.map((turn) => turn.speaker))) {
    const own = truth.filter(
      (turn) =>
        turn.speaker === speaker &&
        turn.end < half &&
        !truth.some((other) => other.speaker !== speaker && other.start < turn.end && other.end > turn.start),
    );
    const parts = own.flatMap(({ start, end }) => [
      ...samples.subarray(Math.round(start * SAMPLE_RATE), Math.round(end * SAMPLE_RATE)),
    ]);
    if (parts.length < seconds * SAMPLE_RATE) continue;
    const pcm = Int16Array.from(parts.slice(0, seconds * SAMPLE_RATE));
    const { voice, people } = sampleOf(await hearRecording(networks, pcm, { threads: THREADS }));
    if (voice !== null && people === 1) found.push({ speaker, voice });
  }
  return found;
}

/** Who is found in the second half, by whom they speak most with. */
async function speakersOf({ samples, truth }: Spoken, networks: SpeakerNetworks): Promise<Voice[]> {
  const from = Math.floor(samples.length / 2);
  const { turns, voices } = diarize(await hearRecording(networks, samples.subarray(from), { threads: THREADS }));
  return voices.map((voice, index) => {
    const seconds = new Map<string, number>();
    for (const turn of turns.filter(({ speaker }) => speaker === index)) {
      for (const { speaker, start, end } of truth) {
        const shared = Math.min(turn.end + from / SAMPLE_RATE, end) - Math.max(turn.start + from / SAMPLE_RATE, start);
        if (shared > 0) seconds.set(speaker, (seconds.get(speaker) ?? 0) + shared);
      }
    }
    const [[speaker] = ['nobody']] = [...seconds].toSorted(([, a], [, b]) => b - a);
    return { speaker, voice };
  });
}

/** All speakers are known, and then each of them is a stranger once. */
function outcomes(samples: readonly Voice[], heard: readonly (readonly Voice[])[]) {
  const known = [...new Map(samples.map((sample) => [sample.speaker, sample])).values()];
  const count = { right: 0, missed: 0, wrong: 0, strangers: 0, named: 0 };
  for (const voices of heard) {
    const all = namesOf(voices, known);
    voices.forEach(({ speaker }, at) => {
      if (!known.some((one) => one.speaker === speaker)) return;
      if (all[at] === speaker) count.right++;
      else if (all[at] === null) count.missed++;
      else count.wrong++;
      const others = known.filter((one) => one.speaker !== speaker);
      count.strangers++;
      if (namesOf(voices, others)[at] !== null) count.named++;
    });
  }
  return count;
}

function namesOf(voices: readonly Voice[], known: readonly Voice[]): (string | null)[] {
  const matches = matchVoices(
    voices.map(({ voice }) => voice),
    known.map(({ voice }) => voice),
  );
  return matches.map((match) => (match === null ? null : (known[match]?.speaker ?? null)));
}

function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(2);
  return `${at(0)} to ${at(1)} (median ${at(0.5)}, ${sorted.length} pairs)`;
}
