import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { speak } from '@sotto/testkit';
import { KENNEDY, SHARED } from '../engine/material.ts';
import { SENTENCES, VOICES } from '../engine/sentences.ts';
import { joined, louder, type Sound, silence, soundOf, speechDb, toSound } from './sound.ts';

export interface Speech {
  sounds: readonly Sound[];
  text: string;
  what: string;
}

/** Where telephones and studios put it, in dB below full scale. */
export const SPEECH_DB = -26;
const KENNEDY_TEXT =
  'And so, my fellow Americans, ask not what your country can do for you, ask what you can do for your country.';
const READ_ALOUD = ['talk_3a', 'talk_4a'];
const SHORTEST_SECONDS = 3;
const PAUSE_SECONDS = 0.7;
const SPOKEN_SENTENCES = 12;

/** Who says what when. */
interface Turn {
  speaker: string;
  start: number;
  end: number;
  text: string;
}

/** Real speech where it lies beside the checkout, else synthetic voices and President Kennedy; all equally loud. */
export async function speech(folder: string): Promise<Speech> {
  const kennedy = { sound: await soundOf(KENNEDY, folder, 'kennedy'), text: KENNEDY_TEXT };
  const talk = join(SHARED, 'ted_60.m4a');
  const isThere = existsSync(talk);
  const others = isThere
    ? [
        { sound: await soundOf(talk, folder, 'talk'), text: await readFile(join(SHARED, 'ted_60.txt'), 'utf8') },
        ...(await readAloud(folder)),
      ]
    : await spoken();
  const parts = [...others, kennedy];
  return {
    sounds: parts.map(({ sound }) => joined([levelled(sound), silence(PAUSE_SECONDS)])),
    text: parts.map(({ text }) => text).join(' '),
    what: isThere
      ? 'a minute of a talk, President Kennedy and sentences of six readers'
      : 'synthetic voices and President Kennedy',
  };
}

const levelled = (sound: Sound): Sound => louder(sound, SPEECH_DB - speechDb(sound));

/** Sentences during which nobody else speaks. */
async function readAloud(folder: string): Promise<{ sound: Sound; text: string }[]> {
  const found = new Map<string, Sound>();
  for (const name of READ_ALOUD) {
    const path = join(SHARED, 'speakers', `${name}.ogg`);
    if (!existsSync(path)) continue;
    const sound = await soundOf(path, folder, name);
    const turns = JSON.parse(await readFile(join(SHARED, 'speakers', `${name}.json`), 'utf8')) as Turn[];
    for (const turn of turns.filter((one) => isAlone(one, turns) && one.end - one.start >= SHORTEST_SECONDS)) {
      found.set(turn.text, sound.slice((turn.start - 0.1) * 16_000, (turn.end + 0.1) * 16_000));
    }
  }
  return [...found].map(([text, sound]) => ({ text, sound }));
}

function isAlone(turn: Turn, turns: readonly Turn[]): boolean {
  return turns.every((other) => other === turn || other.start > turn.end + 0.1 || other.end < turn.start - 0.1);
}

function spoken(): Promise<{ sound: Sound; text: string }[]> {
  return Promise.all(
    SENTENCES.slice(0, SPOKEN_SENTENCES).map(async (text, at) => {
      const voice = VOICES[at % VOICES.length] ?? VOICES[0];
      return { text, sound: toSound((await speak(text, { voice, speed: 150 })).samples) };
    }),
  );
}
