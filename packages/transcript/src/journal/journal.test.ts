import { describe, expect, it } from '@jest/globals';
import {
  DEFAULT_CAPTION_OPTIONS,
  type Edit,
  type EditOperation,
  RESPONSE_FORMATS,
  type Transcript,
  type Word,
} from '@sotto/contracts';
import fc from 'fast-check';
import { anyJournal, anyKeptTranscript, operationFrom } from '../../test/arbitrary-edits.ts';
import { renderTranscript } from '../render/index.ts';
import { searchTranscript } from '../search/search.ts';
import { applyEdit, atRevision, replay } from './apply.ts';
import { canUndo, type EditedTranscript, findSegment, segmentsOf, unedited } from './edited-transcript.ts';
import { mergeEdits } from './merge-edits.ts';
import { textChange } from './text-change.ts';
import { editedTranscript, toTranscript } from './to-transcript.ts';
import { fromWireUnedited, toWireEdited } from './wire.ts';

const editOf = (id: string, ...operations: EditOperation[]): Edit => ({ id: `edit-${id}`, operations });
const undo = (id: number | string): Edit => editOf(`undo-${id}`, { type: 'undo' });
const redo = (id: number | string): Edit => editOf(`redo-${id}`, { type: 'redo' });

function undoAll(transcript: EditedTranscript): EditedTranscript {
  let state = transcript;
  while (canUndo(state)) state = applyEdit(state, undo(state.revision));
  return state;
}

describe('a journal of any edits', () => {
  it('keeps words in order inside their segments, and texts what their words are', () => {
    fc.assert(
      fc.property(anyJournal, ({ canonical, journal }) => {
        for (const { startMs, endMs, text, words, speaker } of segmentsOf(replay(canonical, journal))) {
          let atMs = startMs;
          for (const word of words) {
            expect(word.startMs).toBeGreaterThanOrEqual(atMs);
            expect(word.endMs).toBeGreaterThanOrEqual(word.startMs);
            if (word.speaker !== undefined) expect(word.speaker).toBe(speaker);
            atMs = word.endMs;
          }
          expect(endMs).toBeGreaterThanOrEqual(atMs);
          if (words.length > 0) expect(text).toBe(words.map(({ word }) => word).join(''));
        }
      }),
    );
  });

  it('is the same every time, and through JSON', () => {
    fc.assert(
      fc.property(anyJournal, ({ canonical, journal }) => {
        const again = replay(canonical, JSON.parse(JSON.stringify(journal)));
        expect(again).toEqual(replay(canonical, journal));
      }),
    );
  });

  it('undone altogether gives back the bytes, and redone what was edited', () => {
    fc.assert(
      fc.property(anyJournal, ({ canonical, journal }) => {
        const edited = replay(canonical, journal);
        const undone = undoAll(edited);
        expect(JSON.stringify(toTranscript(canonical, undone))).toBe(JSON.stringify(canonical));
        expect(segmentsOf(undone)).toEqual(segmentsOf(unedited(canonical)));
        expect(undone.speakers).toEqual(unedited(canonical).speakers);
        let redone = undone;
        for (let step = edited.undoable; step !== null; step = step.rest) {
          redone = applyEdit(redone, redo(redone.revision));
        }
        expect(JSON.stringify(toTranscript(canonical, redone))).toBe(JSON.stringify(toTranscript(canonical, edited)));
        expect(segmentsOf(redone)).toEqual(segmentsOf(edited));
      }),
    );
  });

  it('can be looked at as it was at any revision', () => {
    fc.assert(
      fc.property(anyJournal, fc.nat(), ({ canonical, journal }, number) => {
        const revision = number % (journal.length + 1);
        expect(atRevision(replay(canonical, journal), revision)).toEqual(replay(canonical, journal.slice(0, revision)));
      }),
    );
  });

  it('makes a transcript that every format takes', () => {
    const captions = { ...DEFAULT_CAPTION_OPTIONS, highlightWords: true };
    fc.assert(
      fc.property(anyJournal, ({ canonical, journal }) => {
        const transcript = editedTranscript(canonical, journal);
        for (const format of RESPONSE_FORMATS) {
          for (const granularity of ['segment', 'word'] as const) {
            expect(renderTranscript(transcript, format, { granularity, captions }).body).toBeDefined();
          }
        }
        expect(transcript.segments.map(({ id }) => id)).toEqual(transcript.segments.map((_, id) => id));
        for (const { speaker } of transcript.segments.flatMap(({ words }) => words)) {
          if (speaker !== undefined) expect(transcript.speakers?.[speaker]).toBeDefined();
        }
        for (const { startMs, endMs, speaker } of transcript.turns ?? []) {
          expect(endMs).toBeGreaterThanOrEqual(startMs);
          expect(transcript.speakers?.[speaker]).toBeDefined();
        }
        expect(searchTranscript(transcript, 'hello', { limit: 5, contextWords: 3 }).total).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 60 },
    );
  });

  it('moves no word that an operation does not name', () => {
    fc.assert(
      fc.property(anyKeptTranscript, fc.nat(), fc.nat(), fc.nat(), fc.string(), (canonical, a, b, c, text) => {
        const start = unedited(canonical);
        const operation = operationFrom(start, { kind: 'replace_text', a, b, c, text });
        if (operation?.type !== 'replace_text') return;
        const segments = segmentsOf(applyEdit(start, editOf('one-edit', operation)));
        segments.forEach((segment, at) => {
          const before = segmentsOf(start)[at];
          if (segment.id !== operation.segment) expect(segment).toBe(before);
          const count = before?.words.length ?? 0;
          if (segment.id !== operation.segment || count === 0) return;
          const timesOf = (words: readonly Word[]) => words.map(({ startMs, endMs }) => ({ startMs, endMs }));
          const { from_word, to_word } = operation;
          expect(timesOf(segment.words.slice(0, from_word))).toEqual(timesOf(before?.words.slice(0, from_word) ?? []));
          expect(timesOf(segment.words.slice(segment.words.length - (count - to_word)))).toEqual(
            timesOf(before?.words.slice(to_word) ?? []),
          );
        });
      }),
    );
  });
});

describe('edits on an older revision', () => {
  const touched = (state: EditedTranscript) => state.history?.step.patch;
  const meet = (one: EditedTranscript, other: EditedTranscript) =>
    [...(touched(one)?.segmentIds ?? [])].some((id) => touched(other)?.segmentIds.has(id)) ||
    [...(touched(one)?.speakerNumbers ?? [])].some((number) => touched(other)?.speakerNumbers.has(number));

  const plain = (canonical: Transcript, state: EditedTranscript) => toTranscript(canonical, state);

  it('come out the same in either order, or are refused where they meet', () => {
    fc.assert(
      fc.property(anyJournal, fc.infiniteStream(fc.nat()), ({ canonical, journal }, numbers) => {
        const base = replay(canonical, journal);
        const next = () => numbers.next().value;
        const made = ['one-edit', 'other-edit'].flatMap((id) => {
          const operation = operationFrom(base, { a: next(), b: next(), c: next(), text: `hello ${next()}` });
          return operation === null ? [] : [editOf(id, operation)];
        });
        const [one, other] = made;
        if (one === undefined || other === undefined) return;
        const attempt = (first: Edit, second: Edit) => {
          const request = { base_revision: base.revision, edits: [second] };
          try {
            return plain(canonical, mergeEdits(applyEdit(base, first), request).transcript);
          } catch (error) {
            expect(error).toMatchObject({ code: 'edit_conflict', status: 409 });
            return null;
          }
        };
        const [ahead, behind] = [attempt(one, other), attempt(other, one)];
        if (meet(applyEdit(base, one), applyEdit(base, other))) {
          expect([ahead, behind]).toEqual([null, null]);
        } else if (ahead !== null && behind !== null) {
          expect(ahead).toEqual(behind);
        } else {
          // What follows a segment is no longer what followed it.
          expect([one, other].flatMap(({ operations }) => operations.map(({ type }) => type))).toEqual(
            expect.arrayContaining([expect.stringMatching(/^(merge|move_boundary)$/)]),
          );
        }
      }),
    );
  });

  it('sent twice are made once', () => {
    fc.assert(
      fc.property(anyJournal, fc.nat(), ({ canonical, journal }, number) => {
        const from = number % (journal.length + 1);
        const start = replay(canonical, journal.slice(0, from));
        const request = { base_revision: from, edits: journal.slice(from) };
        if (request.edits.length === 0) return;
        const once = mergeEdits(start, request);
        expect(once.transcript).toEqual(replay(canonical, journal));
        expect(once.made).toEqual(request.edits);
        const half = mergeEdits(start, { ...request, edits: request.edits.slice(0, 1) });
        expect(mergeEdits(half.transcript, request).transcript).toEqual(once.transcript);
        expect(mergeEdits(once.transcript, request)).toEqual({ transcript: once.transcript, made: [] });
      }),
    );
  });
});

describe('a page', () => {
  it('makes the same of a journal as the service', () => {
    fc.assert(
      fc.property(anyJournal, ({ canonical, journal }) => {
        const wire = JSON.parse(JSON.stringify(toWireEdited(unedited(canonical), canonical)));
        const state = journal.reduce(applyEdit, fromWireUnedited(wire));
        const there = toWireEdited(replay(canonical, journal), canonical);
        const close = (value: typeof there) =>
          JSON.parse(JSON.stringify(value), (key, each) =>
            key === 'confidence' ? Math.round(each * 100) / 100 : each,
          );
        expect(close(toWireEdited(state, canonical))).toEqual(close(there));
      }),
    );
  });

  it('changes a line to what was typed, and no more words than that', () => {
    fc.assert(
      fc.property(anyKeptTranscript, fc.nat(), fc.string({ unit: 'grapheme' }), (canonical, number, typed) => {
        const start = unedited(canonical);
        const segment = segmentsOf(start).filter(({ state }) => state === 'kept')[number % 3];
        if (segment === undefined) return;
        const cut = segment.text.length > 0 ? number % segment.text.length : 0;
        for (const text of [typed, segment.text.slice(0, cut) + typed + segment.text.slice(cut + 2)]) {
          const operation = textChange(segment, text);
          const wanted = text
            .replace(/[\s\u2028\u2029]+/gu, ' ')
            .replace(/\p{Cc}/gu, '')
            .trim();
          if (operation === null) continue;
          expect(findSegment(applyEdit(start, editOf('typed', operation)), segment.id)?.text.trim()).toBe(
            new TextDecoder().decode(new TextEncoder().encode(wanted)),
          );
        }
      }),
    );
  });
});
