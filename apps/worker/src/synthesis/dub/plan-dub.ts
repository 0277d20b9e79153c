import { type DubLine, type DubVideo, dubScriptSchema, SottoError } from '@sotto/contracts';
import { cutPieces, type Piece } from '../text/cut/pieces.ts';
import { pieceRoom } from '../text/cut/room.ts';
import type { Dictionary } from '../text/pronounce/dictionary.ts';
import { oneLine } from '../text/script/clean.ts';
import type { Script } from '../text/script/script.ts';
import { scriptOf } from '../text/script-of.ts';
import { shareSlot } from './slots.ts';

/** A part of a line, and when it is to be heard. */
export interface DubPiece extends Piece {
  slot: { startMs: number; endMs: number };
}

/** What is to be said of a transcript, line by line. */
export interface DubPlan {
  pieces: DubPiece[];
  characters: number;
  leastMs: number;
  video?: DubVideo;
}

export interface DubOptions {
  language: string;
  /** Absent: there is none. */
  dictionary?: Dictionary;
  /** Of speech in a piece, for the engine's sake. */
  longestSeconds: number;
}

/** Nobody waits for the first of it. */
const NO_HURRY = { rtfx: 1_000, speed: 1 };

/**
 * Reads a transcript that is to be spoken into its times. Lines in which nothing can be said are left out.
 *
 * @throws SottoError `invalid_parameter` where that leaves nothing
 */
export function planDub(json: string, options: DubOptions): DubPlan {
  const { durationMs, lines, video } = dubScriptSchema.parse(JSON.parse(json));
  const plan: DubPlan = { pieces: [], characters: 0, leastMs: durationMs, ...(video && { video }) };
  for (const line of lines) {
    const script = scriptOrNull(line.text, options);
    if (script === null) continue;
    plan.characters += script.characters;
    plan.pieces.push(...piecesOf(line, script, options));
  }
  if (plan.pieces.length === 0) throw new SottoError('invalid_parameter', 'The transcript has nothing to say.');
  return plan;
}

function scriptOrNull(text: string, { longestSeconds: _, ...options }: DubOptions): Script | null {
  try {
    return scriptOf(text, { format: 'text', ...options });
  } catch (error) {
    if (error instanceof SottoError && error.code === 'invalid_parameter') return null;
    throw error;
  }
}

function piecesOf({ startMs, endMs, voice }: DubLine, script: Script, options: DubOptions): DubPiece[] {
  const pieces = asOne(script, options) ?? cutPieces(script, { ...NO_HURRY, ...options });
  const slots = shareSlot(
    { startMs, endMs: Math.max(startMs, endMs) },
    pieces.map(({ spoken }) => spoken.length),
  );
  return pieces.map((piece, at) => ({ ...piece, voice, pauseMs: 0, slot: slots[at] ?? { startMs, endMs } }));
}

/** All of a line in one piece; null: it is too long for that. */
function asOne({ utterances }: Script, { language, longestSeconds }: DubOptions): Piece[] | null {
  const room = pieceRoom(language, 1, longestSeconds);
  const [first] = utterances;
  const spoken = oneLine(utterances.map((utterance) => utterance.spoken).join(' '));
  if (first === undefined || spoken.length > room.most) return null;
  const { alignment: _, ...manner } = first;
  return [{ ...manner, shown: utterances.map(({ shown }) => shown.trim()).join(' '), spoken, utterance: 0 }];
}
