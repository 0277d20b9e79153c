import { SottoError } from '@sotto/client';
import type { EditOperation } from '@sotto/contracts/wire';
import { type EditedSegment, segmentsOf, textChange } from '@sotto/transcript';
import { useMemo, useState } from 'react';
import type { Editor } from './editor/editor.ts';
import { wordAtCharacter } from './lines/find.ts';
import type { SpeakerChoice } from './panels/speaker-dialog.tsx';

export interface Editing {
  /** Why the last edit could not be made; null: it could. */
  refusal: string | null;
  make(...operations: EditOperation[]): void;
  type(id: string, text: string): void;
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
    const find = (id: string) => segments().find((segment) => segment.id === id);
    const make = (...operations: EditOperation[]): boolean => {
      try {
        editor.edit(operations);
        setRefusal(null);
        return true;
      } catch (error) {
        if (!(error instanceof SottoError)) throw error;
        setRefusal(error.detail);
        return false;
      }
    };
    const type = (id: string, text: string): void => {
      const segment = find(id);
      const change = segment === undefined ? null : textChange(segment, text);
      if (change !== null) make(change);
    };
    const splitAtWord = (id: string, word: number): string | null => {
      const at = segments().findIndex((segment) => segment.id === id);
      return make({ type: 'split', segment: id, at_word: word }) ? (segments()[at + 1]?.id ?? null) : null;
    };
    return {
      refusal,
      make: (...operations) => void make(...operations),
      type,
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
