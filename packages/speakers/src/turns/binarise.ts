import { frameAtSecond, secondsOfFrame } from '../geometry.ts';
import type { Timeline } from './timeline.ts';
import type { Turn } from './turn.ts';
import type { Stretch } from './within-speech.ts';

/** How much of the chunks' opinion it takes for something to begin, and to go on. */
interface Threshold {
  begins: number;
  goesOn: number;
}

const SPEECH: Threshold = { begins: 0.6, goesOn: 0.35 };
/** Where a detector of speech hears some, too, less will do. */
const SPEECH_HEARD_TWICE: Threshold = { begins: 0.3, goesOn: 0.1 };
/** Another one beside the first. */
const ANOTHER: Threshold = { begins: 0.45, goesOn: 0.25 };

const isOver = (value: number, { begins, goesOn }: Threshold, going: boolean): boolean =>
  value >= (going ? goesOn : begins);

/** How many speak in each frame. */
function speakersAtOnce(counts: Float32Array, isSpeech: Uint8Array | null): Uint8Array {
  const many = new Uint8Array(counts.length);
  let [one, two] = [false, false];
  counts.forEach((count, frame) => {
    one = isOver(count, isSpeech?.[frame] ? SPEECH_HEARD_TWICE : SPEECH, one);
    two = isOver(count - 1, ANOTHER, two);
    many[frame] = two ? Math.max(2, Math.floor(count + 1 - ANOTHER.begins)) : Number(one);
  });
  return many;
}

/**
 * Who speaks when: as many win in a frame as speak at once.
 * @param speech where a detector hears speech, in order; null: there is none
 * @returns [frames][speakers]: 1 where somebody speaks
 */
export function speaking(
  { frames, speakers, scores, counts }: Timeline,
  speech: readonly Stretch[] | null = null,
): Uint8Array {
  const on = new Uint8Array(frames * speakers);
  const together = speakersAtOnce(counts, speech === null ? null : framesOf(speech, frames));
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

/** 1 for each frame whose time is in one of the stretches. */
function framesOf(stretches: readonly Stretch[], frames: number): Uint8Array {
  const inside = new Uint8Array(frames);
  for (const { start, end } of stretches) inside.fill(1, frameAtSecond(start), frameAtSecond(end));
  return inside;
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
