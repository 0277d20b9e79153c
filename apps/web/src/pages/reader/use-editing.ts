import { SottoError } from '@sotto/client';
import type { EditOperation } from '@sotto/contracts/wire';
import { type EditedSegment, findSegment, segmentsOf, textChange } from '@sotto/transcript';
import { useMemo, useState } from 'react';
import { newEditId, partId } from './editor/edit-ids.ts';
import type { Editor } from './editor/editor.ts';
import { replaced, type Search, wordAtCharacter } from './lines/find.ts';
import { nextTask } from './next-task.ts';
import type { SpeakerChoice } from './panels/speaker-dialog.tsx';

/** That are changed by one edit. */
const LINES_A_TASK = 50;

export interface Editing {
  /** Why the last edit could not be made; null: it could. */
  refusal: string | null;
  make(...operations: EditOperation[]): void;
  type(id: string, text: string): void;
  /** In so many lines at a time that the page stays quick; taken back together. */
  replaceIn(ids: readonly string[], search: Search, replacement: string): void;
  /** Types, then divides the line before the word that holds a character. @returns the id of the second part */
  split(id: string, text: string, character: number): string | null;
  splitAtWord(id: string, word: number): string | null;
  chooseSpeaker(choice: SpeakerChoice, line: EditedSegment, selected: readonly string[]): void;
}

/** What people do to lines, as operations of the journal. */
export function useEditing(editor: Editor): Editing {
  const [refusal, setRefusal] = useState<string | null>(null);
  return useMemo(() => {
    const segments = () => segmentsOf(editor.current().transcript);
    const find = (id: string) => findSegment(editor.current().transcript, id);
    const makeAs = (editId: string, operations: readonly EditOperation[]): boolean => {
      try {
        editor.edit(operations, editId);
        setRefusal(null);
        return true;
      } catch (error) {
        if (!(error instanceof SottoError)) throw error;
        setRefusal(error.detail);
        return false;
      }
    };
    const make = (...operations: EditOperation[]): boolean => makeAs(newEditId(), operations);
    const changeOf = (id: string, textOf: (text: string) => string): EditOperation[] => {
      const segment = find(id);
      const change = segment === undefined ? null : textChange(segment, textOf(segment.text));
      return change === null ? [] : [change];
    };
    const type = (id: string, text: string): void => void make(...changeOf(id, () => text));
    const replaceIn = async (ids: readonly string[], search: Search, replacement: string): Promise<void> => {
      const group = newEditId();
      for (let at = 0; at < ids.length; at += LINES_A_TASK) {
        if (at > 0) await nextTask();
        const operations = ids
          .slice(at, at + LINES_A_TASK)
          .flatMap((id) => changeOf(id, (text) => replaced(text, search, replacement)));
        if (!makeAs(partId(group, at / LINES_A_TASK), operations)) return;
      }
    };
    const splitAtWord = (id: string, word: number): string | null => {
      const at = segments().findIndex((segment) => segment.id === id);
      return make({ type: 'split', segment: id, at_word: word }) ? (segments()[at + 1]?.id ?? null) : null;
    };
    return {
      refusal,
      make: (...operations) => void make(...operations),
      type,
      replaceIn: (...args) => void replaceIn(...args),
      splitAtWord,
      split: (id, text, character) => {
        type(id, text);
        const segment = find(id);
        if (segment === undefined) return null;
        // The field shows the text without the blank before it.
        const lead = segment.text.length - segment.text.trimStart().length;
        const word = wordAtCharacter(segment, character + lead + 1);
        return word === 0 || word >= segment.words.length ? null : splitAtWord(id, word);
      },
      chooseSpeaker: ({ speaker, scope, name }, line, selected) => {
        const ofSame = () => segments().filter((each) => each.state === 'kept' && each.speaker === line.speaker);
        const ids = scope === 'line' ? [line.id] : scope === 'all' ? ofSame().map(({ id }) => id) : [...selected];
        const changed = ids.filter((id) => (find(id)?.speaker ?? null) !== speaker);
        make(
          ...(changed.length > 0 ? [{ type: 'set_speaker' as const, segments: changed, speaker }] : []),
          ...(name !== null && speaker !== null ? [{ type: 'rename_speaker' as const, speaker, name }] : []),
        );
      },
    };
  }, [editor, refusal]);
}
