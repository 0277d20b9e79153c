import type { EditedSegment } from '@sotto/transcript';
import type { RefObject } from 'react';
import type { Editor } from './editor/editor.ts';
import type { CurrentWord } from './lines/current-word.ts';
import { doubtfulWord } from './lines/doubtful.ts';
import type { Player } from './player/player.ts';
import { SKIP_MS } from './player/player-bar.tsx';
import type { Editing } from './use-editing.ts';
import type { Keys } from './use-reader-keys.ts';
import type { Selection } from './use-selection.ts';

export interface KeyedReader {
  editor: Editor;
  editing: Editing;
  player: Player | null;
  selection: Selection;
  lines: readonly EditedSegment[];
  current: CurrentWord | null;
  /** The word to which the keys went last. */
  doubt: RefObject<{ id: string; word: number } | null>;
  find(): void;
  help(): void;
  copy(): void;
  startEditing(id: string): void;
  chooseSpeaker(id: string): void;
}

/** What keys do while somebody only reads. */
export function readingKeys({ player, selection, lines, doubt, find, help, copy }: KeyedReader): Keys {
  const { active, move, clear } = selection;
  const toDoubt = (by: 1 | -1): void => {
    const at = selection.indexOf(active?.id ?? null);
    const word = doubt.current !== null && doubt.current.id === active?.id ? doubt.current.word : -1;
    const found = doubtfulWord(lines, at < 0 ? null : { line: at, word }, by);
    const line = lines[found?.line ?? -1];
    if (found === null || line === undefined) return;
    doubt.current = { id: line.id, word: found.word };
    selection.activate(line.id);
    player?.seek(line.words[found.word]?.startMs ?? line.startMs);
  };
  return {
    space: () => player?.toggle(),
    arrowleft: () => player?.skip(-SKIP_MS),
    arrowright: () => player?.skip(SKIP_MS),
    '[': () => player?.shiftSpeed(-1),
    ']': () => player?.shiftSpeed(1),
    arrowup: () => move(-1),
    arrowdown: () => move(1),
    'shift+arrowup': () => move(-1, true),
    'shift+arrowdown': () => move(1, true),
    p: () => active && player?.play(active.startMs, active.endMs),
    n: () => toDoubt(1),
    'shift+n': () => toDoubt(-1),
    'ctrl+f': find,
    c: copy,
    '?': help,
    escape: clear,
  };
}

/** What keys change. */
export function editingKeys(reader: KeyedReader): Keys {
  const { editor, editing, selection, current, startEditing, chooseSpeaker } = reader;
  const { active, targets } = selection;
  const kept = targets.filter(({ state }) => state === 'kept');
  const moveBoundary = (words: number) => () =>
    active && editing.make({ type: 'move_boundary', segment: active.id, words });
  const setSpeaker = (speaker: number) => () => {
    if (kept.length === 0 || speaker > editor.current().transcript.speakers.length) return;
    editing.make({ type: 'set_speaker', segments: kept.map(({ id }) => id), speaker });
  };
  return {
    enter: () => (active?.state === 'kept' ? startEditing(active.id) : selection.move(1)),
    s: () => {
      if (active === undefined || current?.segmentId !== active.id) return;
      selection.activate(editing.splitAtWord(active.id, Math.max(1, current.word)) ?? undefined);
    },
    m: () => {
      const [first, ...others] = kept;
      if (first === undefined) return;
      const merge = { type: 'merge' as const, segment: first.id };
      editing.make(...Array.from({ length: Math.max(1, others.length) }, () => merge));
      selection.activate(first.id);
    },
    '<': moveBoundary(-1),
    '>': moveBoundary(1),
    r: () => active?.state === 'kept' && chooseSpeaker(active.id),
    ...Object.fromEntries(Array.from({ length: 9 }, (_, at) => [String(at + 1), setSpeaker(at)])),
    delete: () => editing.make(...kept.map(({ id }) => ({ type: 'delete' as const, segment: id }))),
    'ctrl+z': () => editor.undo(),
    'ctrl+shift+z': () => editor.redo(),
    'ctrl+y': () => editor.redo(),
  };
}
