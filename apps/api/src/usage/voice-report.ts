import type { WireVoiceAmounts, WireVoiceUsage } from '@sotto/contracts';
import type { VoiceDay } from '@sotto/queue';
import type { UsageRange } from './range.ts';

/** What voices have spoken, by day and in all. */
export function voiceReport({ from, to }: UsageRange, days: readonly VoiceDay[]): WireVoiceUsage {
  return { from, to, days: days.map((one) => ({ day: one.day, ...amountsOf(one) })), voices: sumsByVoice(days) };
}

function sumsByVoice(days: readonly VoiceDay[]): WireVoiceAmounts[] {
  const sums = new Map<string, Omit<VoiceDay, 'day'>>();
  for (const { voice, jobs, characters, audioMs } of days) {
    const sum = sums.get(voice) ?? { voice, jobs: 0, characters: 0, audioMs: 0 };
    sums.set(voice, {
      voice,
      jobs: sum.jobs + jobs,
      characters: sum.characters + characters,
      audioMs: sum.audioMs + audioMs,
    });
  }
  return [...sums.values()].sort((a, b) => b.characters - a.characters).map(amountsOf);
}

const amountsOf = ({ voice, jobs, characters, audioMs }: Omit<VoiceDay, 'day'>): WireVoiceAmounts => {
  return { voice, jobs, characters, seconds: audioMs / 1000 };
};

/** How often each voice was heard. */
export const usesOf = (days: readonly VoiceDay[]): Map<string, number> =>
  new Map(sumsByVoice(days).map(({ voice, jobs }) => [voice, jobs]));
