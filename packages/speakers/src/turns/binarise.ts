import { secondsOfFrame } from '../geometry.ts';
import type { Timeline } from './timeline.ts';
import type { Turn } from './turn.ts';

/** On average of the chunks, somebody is heard, or another one beside. */
const SOMEBODY = 0.35;
const ANOTHER = 0.4;

const speakersAtOnce = (count: number): number => (count < 1 ? Number(count >= SOMEBODY) : Math.floor(count + 1 - ANOTHER));

/** [frames][speakers]: 1 where somebody speaks. As many win as speak at once. */
export function speaking({ frames, speakers, scores, counts }: Timeline): Uint8Array {
  const on = new Uint8Array(frames * speakers);
  for (let frame = 0; frame < frames; frame++) {
    const many = speakersAtOnce(counts[frame] ?? 0);
    for (let rank = 0; rank < many; rank++) {
      let best = -1;
      for (let speaker = 0; speaker < speakers; speaker++) {
        const at = frame * speakers + speaker;
        if (on[at] || !(scores[at] ?? 0)) continue;
        if (best < 0 || (scores[at] ?? 0) > (scores[best] ?? 0)) best = at;
      }
      if (best >= 0) on[best] = 1;
    }
  }
  return on;
}

/** Runs of frames as turns. */
export function turnsOf(on: Uint8Array, speakers: number, seconds: number): Turn[] {
  const frames = on.length / speakers;
  const turns: Turn[] = [];
  for (let speaker = 0; speaker < speakers; speaker++) {
    let start = -1;
    for (let frame = 0; frame <= frames; frame++) {
      const speaks = frame < frames && on[frame * speakers + speaker] === 1;
      if (speaks && start < 0) start = frame;
      if (speaks || start < 0) continue;
      turns.push({ start: secondsOfFrame(start), end: Math.min(secondsOfFrame(frame), seconds), speaker });
      start = -1;
    }
  }
  return turns.filter(({ start, end }) => end > start);
}
