import { secondsOfFrame } from '../geometry.ts';
import type { Timeline } from './timeline.ts';
import type { Turn } from './turn.ts';

/** How much of the chunks' opinion it takes for speech to begin, and to go on; and for another one to be heard beside. */
const BEGINS = 0.6;
const GOES_ON = 0.35;
const ANOTHER = 0.4;

/** How many speak in each frame. */
function speakersAtOnce(counts: Float32Array): Uint8Array {
  const many = new Uint8Array(counts.length);
  let going = false;
  counts.forEach((count, frame) => {
    going = count >= (going ? GOES_ON : BEGINS);
    many[frame] = count < 1 ? Number(going) : Math.floor(count + 1 - ANOTHER);
  });
  return many;
}

/** [frames][speakers]: 1 where somebody speaks. As many win as speak at once. */
export function speaking({ frames, speakers, scores, counts }: Timeline): Uint8Array {
  const on = new Uint8Array(frames * speakers);
  const together = speakersAtOnce(counts);
  for (let frame = 0; frame < frames; frame++) {
    const many = together[frame] ?? 0;
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
