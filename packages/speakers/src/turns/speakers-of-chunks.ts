import { voiceAt } from '../cluster/voices.ts';
import { LOCAL_SPEAKERS } from '../geometry.ts';
import type { Heard } from '../hear/heard.ts';
import { dot, unit, type Vector } from '../vectors.ts';
import { assign } from './assignment.ts';
import type { SpeakerOfLocal } from './timeline.ts';

/** Who each local speaker of each chunk is; two of one chunk are two people while there are voices enough. */
export function speakersOfChunks(heard: Heard, voices: readonly Vector[]): SpeakerOfLocal {
  const directions = voices.map(unit);
  return Array.from({ length: heard.chunks }, (_, chunk) => {
    const rows = Array.from({ length: LOCAL_SPEAKERS }, (_, local) => {
      const voice = voiceAt(heard.voices, chunk * LOCAL_SPEAKERS + local);
      return voice === null ? null : similarities(voice, directions);
    });
    const heardRows = rows.filter((row) => row !== null);
    const assigned = assign(heardRows).values();
    return rows.map((row) => (row === null ? null : (assigned.next().value ?? null)));
  });
}

export function similarities(voice: Vector, directions: readonly Vector[]): number[] {
  const own = unit(voice);
  return directions.map((direction) => dot(own, direction));
}
