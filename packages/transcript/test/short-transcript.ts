import type { Edit, EditOperation } from '@sotto/contracts';
import { evenWords, segmentOf, transcriptOf } from './arbitraries.ts';

/** ` one two three four.` from 1 s on, 500 ms each, a pause, ` Five six.` from 4 s on. */
export const short = transcriptOf(
  [segmentOf(evenWords(' one two three four.', 1000, 500), 0), segmentOf(evenWords(' Five six.', 4000, 500), 1)],
  6000,
);

export const editOf = (...operations: EditOperation[]): Edit => ({ id: 'edit-0001', operations });

export const typed = (from_word: number, to_word: number, text: string, segment = '0'): EditOperation => ({
  type: 'replace_text',
  segment,
  from_word,
  to_word,
  text,
});
