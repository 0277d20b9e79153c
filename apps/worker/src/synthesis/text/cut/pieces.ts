import { divide } from '../said/divide.ts';
import { oneLine } from '../script/clean.ts';
import { PAUSES, pauseAfter } from '../script/pauses.ts';
import type { Script, Utterance } from '../script/script.ts';
import { cutBefore } from './cut.ts';
import { Playback } from './playback.ts';
import { pieceRoom } from './room.ts';

/** What an engine speaks in one go, and what is kept of it as a checkpoint. */
export interface Piece extends Omit<Utterance, 'alignment'> {
  /** The number of the utterance that it is of. */
  utterance: number;
}

export interface CutOptions {
  /** Seconds of audio that the engine speaks in a second, as measured. */
  rtfx: number;
  /** Of the whole request. */
  language?: string;
  speed?: number;
  /** Of speech in a piece, for the engine's sake. */
  longestSeconds?: number;
}

/**
 * A script in pieces: the first one short, so that something is heard soon, and each later one as long as what is heard
 * meanwhile allows. A pure function: what has been cut once is cut the same again.
 */
export function cutPieces(script: Script, options: CutOptions): Piece[] {
  const { rtfx, language = 'en', speed = 1, longestSeconds = Number.POSITIVE_INFINITY } = options;
  const playback = new Playback(rtfx);
  return script.utterances.flatMap((utterance, number) => {
    const room = pieceRoom(utterance.language ?? language, speed * utterance.speed, longestSeconds);
    const ends: number[] = [];
    for (let start = 0; start < utterance.spoken.length; ) {
      const end = cutBefore(utterance, start, room, playback.budgetSeconds());
      playback.queue((end - start) / room.charactersPerSecond);
      ends.push(end);
      start = end;
    }
    playback.pause(utterance.pauseMs);
    return piecesOf(utterance, number, ends);
  });
}

function piecesOf(utterance: Utterance, number: number, ends: readonly number[]): Piece[] {
  const { shown: _shown, spoken: _spoken, alignment: _alignment, ...manner } = utterance;
  const parts = divide(utterance, ends.slice(0, -1));
  const pieces = parts.map(({ shown, spoken }, index) => ({
    shown,
    spoken: oneLine(spoken),
    ...manner,
    utterance: number,
    pauseMs: index === parts.length - 1 ? utterance.pauseMs : pauseInside(utterance.spoken, ends[index] ?? 0),
  }));
  return pieces.filter(({ spoken }) => spoken !== '');
}

function pauseInside(spoken: string, end: number): number {
  const before = spoken.slice(Math.max(0, end - 16), end);
  const isBetweenWords = /\s$/.test(before) || /^\s/.test(spoken.slice(end, end + 1));
  return pauseAfter(before.trimEnd(), isBetweenWords ? PAUSES.word : 0);
}
