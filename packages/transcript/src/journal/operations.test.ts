import { describe, expect, it } from '@jest/globals';
import { type Edit, type EditOperation, editRequestSchema, MAX_JOURNAL_OPERATIONS } from '@sotto/contracts';
import { evenWords, segmentOf, transcriptOf } from '../../test/arbitraries.ts';
import { golden } from '../../test/golden.ts';
import { spokenTranscript } from '../../test/golden-transcript.ts';
import { editOf, short, typed } from '../../test/short-transcript.ts';
import { shapeCues } from '../captions/cues.ts';
import { renderTranscript } from '../render/index.ts';
import { searchTranscript } from '../search/search.ts';
import { applyEdit, replay } from './apply.ts';
import { canRedo, canUndo, segmentsOf, unedited } from './edited-transcript.ts';
import { mergeEdits } from './merge-edits.ts';
import { editedTranscript, toTranscript } from './to-transcript.ts';
import { toWireEditsMade } from './wire.ts';

const edited = (...operations: EditOperation[]) => applyEdit(unedited(short), editOf(...operations));

const editedSegments = (...operations: EditOperation[]) => segmentsOf(edited(...operations));

describe('segments', () => {
  it('split, and are named after what they were part of and the edit', () => {
    const segments = editedSegments(
      { type: 'split', segment: '0', at_word: 3 },
      { type: 'split', segment: '0', at_word: 1 },
    );
    expect(segments.map(({ id, text, startMs, endMs }) => [id, text, startMs, endMs])).toEqual([
      ['0', ' one', 1000, 1500],
      ['0.edit-0001.1', ' two three', 1500, 2500],
      ['0.edit-0001.0', ' four.', 2500, 3000],
      ['1', ' Five six.', 4000, 5000],
    ]);
  });

  it('merge with what follows in the text', () => {
    const segments = editedSegments(
      { type: 'split', segment: '0', at_word: 2 },
      { type: 'delete', segment: '0.edit-0001.0' },
      { type: 'merge', segment: '0' },
    );
    expect(segments.map(({ id, text, state }) => [id, text, state])).toEqual([
      ['0', ' one two Five six.', 'kept'],
      ['0.edit-0001.0', ' three four.', 'deleted'],
    ]);
  });

  it.each([
    [1, [' one two three four. Five', ' six.'], [4500, 4500]],
    [-2, [' one two', ' three four. Five six.'], [2000, 2000]],
  ])('give words to their neighbours: %i', (words, texts, [endMs, startMs]) => {
    const segments = editedSegments({ type: 'move_boundary', segment: '0', words });
    expect(segments.map(({ text }) => text)).toEqual(texts);
    expect([segments[0]?.endMs, segments[1]?.startMs]).toEqual([endMs, startMs]);
  });

  it('that are deleted are in no format, and come back', () => {
    const gone = edited({ type: 'delete', segment: '0' });
    expect(toTranscript(short, gone)).toMatchObject({ text: 'Five six.', dropped: [] });
    const back = applyEdit(gone, { id: 'edit-0002', operations: [{ type: 'restore', segment: '0' }] });
    expect(toTranscript(short, back)).toEqual(short);
  });

  it.each<[string, EditOperation]>([
    ['There is no segment 7.', { type: 'delete', segment: '7' }],
    ['Segment 0 has 4 words: none from 3 to 5.', typed(3, 5, '')],
    ['Segment 0 has 4 words: none is before word 4.', { type: 'split', segment: '0', at_word: 4 }],
    ['No segment follows segment 1.', { type: 'merge', segment: '1' }],
    ['Segment 1 has 2 words, of which at least one must stay.', { type: 'move_boundary', segment: '0', words: 2 }],
    ['Segment 0 is part of the text.', { type: 'restore', segment: '0' }],
    ['There are 0 speakers: the next one made is 0, not 1.', { type: 'set_speaker', segments: ['0'], speaker: 1 }],
    ['There is no speaker 0.', { type: 'rename_speaker', speaker: 0, name: 'Anna' }],
    ['There is no segment 9.', { type: 'set_speaker', segments: ['0', '9'], speaker: null }],
    ['No edit is in effect that could be taken back.', { type: 'undo' }],
    ['Nothing was taken back that could be brought back.', { type: 'redo' }],
  ])('are told: %s', (detail, operation) => {
    expect(() => edited(operation)).toThrow(expect.objectContaining({ code: 'invalid_edit', detail }));
  });

  it('of people who talk at once do not become one', () => {
    const [first, second] = [segmentOf(evenWords(' a b c', 0, 500), 0), segmentOf(evenWords(' d e f', 1000, 500), 1)];
    const start = unedited(transcriptOf([first, second], 3000));
    for (const operation of [
      { type: 'merge', segment: '0' },
      { type: 'move_boundary', segment: '0', words: 1 },
    ] as const) {
      expect(() => applyEdit(start, editOf(operation))).toThrow('Segment 1 begins before segment 0 has ended');
    }
  });
});

describe('speakers', () => {
  it('are made, named and counted', () => {
    const transcript = toTranscript(
      short,
      edited(
        { type: 'set_speaker', segments: ['1'], speaker: 0 },
        { type: 'rename_speaker', speaker: 0, name: 'Anna' },
      ),
    );
    expect(transcript.speakers).toEqual([{ name: 'Anna', ms: 1000, words: 2 }]);
    expect(transcript.turns).toEqual([{ startMs: 4000, endMs: 5000, speaker: 0 }]);
    expect(renderTranscript(transcript, 'text', { granularity: 'segment' }).body).toBe(
      'one two three four.\nAnna: Five six.\n',
    );
    expect(renderTranscript(transcript, 'rttm', { granularity: 'segment' }).body).toContain(
      '4.000 1.000 <NA> <NA> Anna',
    );
  });

  it('take their turns along, and leave the others as they were heard', () => {
    const transcript = editedTranscript(spokenTranscript, [
      editOf({ type: 'set_speaker', segments: ['5'], speaker: 1 }),
    ]);
    const given = spokenTranscript.segments[5];
    expect(given).toMatchObject({ speaker: 2, startMs: 20_000 });
    expect(transcript.segments[5]).toMatchObject({ speaker: 1, text: given?.text });
    expect(transcript.speakers?.[2]).toMatchObject({ words: 0 });
    expect(transcript.turns?.filter(({ speaker }) => speaker === 0)).toEqual(
      spokenTranscript.turns?.filter(({ speaker }) => speaker === 0),
    );
    expect(transcript.turns).toContainEqual({ startMs: given?.startMs, endMs: given?.endMs, speaker: 1 });
    expect(transcript.turns?.filter(({ speaker }) => speaker === 2)).toEqual([]);
  });

  it('keep their turns when only the text changes', () => {
    expect(editedTranscript(spokenTranscript, [editOf(typed(0, 1, 'But'))]).turns).toEqual(spokenTranscript.turns);
  });
});

describe('a journal', () => {
  const rename: Edit = { id: 'edit-0001', operations: [typed(0, 1, 'uno')] };
  const undo: Edit = { id: 'edit-0002', operations: [{ type: 'undo' }] };

  it('forgets what was taken back once something else is edited', () => {
    const undone = replay(short, [rename, undo]);
    expect([canUndo(undone), canRedo(undone)]).toEqual([false, true]);
    expect(canRedo(applyEdit(undone, { ...rename, id: 'edit-0003' }))).toBe(false);
  });

  it('ends', () => {
    const full = { ...unedited(short), operationCount: MAX_JOURNAL_OPERATIONS };
    expect(() => applyEdit(full, rename)).toThrow(expect.objectContaining({ code: 'journal_full', status: 409 }));
  });

  it('changes nothing when one of several operations is wrong', () => {
    const start = unedited(short);
    expect(() => applyEdit(start, editOf(typed(0, 1, 'uno'), { type: 'delete', segment: '7' }))).toThrow();
    expect(start).toEqual(unedited(short));
  });

  it('takes as long as what is touched, however long the recording is', () => {
    const lines = Array.from({ length: 3000 }, (_, id) => segmentOf(evenWords(' one two three.', id * 3000, 900), id));
    const before = unedited(transcriptOf(lines, 9_000_000));
    const after = applyEdit(before, editOf(typed(0, 1, 'so', '1000'), { type: 'merge', segment: '2000' }));
    const changed = after.slots.chunks.filter((chunk, at) => chunk !== before.slots.chunks[at]);
    expect(after.slots.chunks.length).toBeGreaterThan(30);
    expect(changed).toHaveLength(2);
  });

  it('shows both versions where two have edited the same', () => {
    const head = applyEdit(unedited(short), rename);
    const yours: Edit = { id: 'edit-0009', operations: [typed(0, 1, 'eins')] };
    expect(() => mergeEdits(head, { base_revision: 0, edits: [yours] })).toThrow(
      expect.objectContaining({
        code: 'edit_conflict',
        fields: {
          revision: 1,
          conflicts: [
            {
              segment: '0',
              yours: expect.objectContaining({ text: ' eins two three four.' }),
              theirs: expect.objectContaining({ text: ' uno two three four.' }),
            },
          ],
        },
      }),
    );
    const elsewhere: Edit = { id: 'edit-0010', operations: [typed(0, 1, 'Fünf', '1')] };
    const merged = mergeEdits(head, {
      base_revision: 0,
      edits: [elsewhere, { id: 'edit-0011', operations: [typed(1, 2, 'sechs', '1')] }],
    });
    expect(toTranscript(short, merged.transcript).text).toBe('uno two three four. Fünf sechs');
    expect(toWireEditsMade(merged.transcript, 1, [])).toMatchObject({
      revision: 3,
      can_undo: true,
      segments: [{ id: '1', text: ' Fünf sechs' }],
      removed: [],
    });
  });

  it('does not merge a segment with another neighbour than the one that was seen', () => {
    const dropped = [segmentOf(evenWords(' Thanks.', 3200, 500), 0)];
    const start = unedited({ ...short, dropped });
    const restored = applyEdit(start, editOf({ type: 'restore', segment: 'd0' }));
    const merge = {
      base_revision: 0,
      edits: [{ id: 'edit-0009', operations: [{ type: 'merge' as const, segment: '0' }] }],
    };
    expect(() => mergeEdits(restored, merge)).toThrow(expect.objectContaining({ code: 'edit_conflict' }));
    expect(segmentsOf(mergeEdits(start, merge).transcript).map(({ text }) => text)).toContain(
      ' one two three four. Five six.',
    );
  });

  it('of a revision that is still to come is told so', () => {
    expect(() => mergeEdits(unedited(short), { base_revision: 3, edits: [rename] })).toThrow('there is no 3 yet');
  });

  it('is in captions and found by a search', () => {
    const transcript = editedTranscript(short, [editOf(typed(1, 3, 'Kirschbaum'))]);
    expect(
      shapeCues(transcript)
        .flatMap(({ lines }) => lines)
        .join(' '),
    ).toBe('one Kirschbaum four. Five six.');
    expect(searchTranscript(transcript, 'kirschbaum', { limit: 1, contextWords: 1 }).matches).toMatchObject([
      { startMs: 1500, endMs: 2500, before: 'one', after: 'four.', segmentId: 0 },
    ]);
  });

  it('that was stored long ago makes the same transcript today', () => {
    const journal = [
      editOf(
        { type: 'replace_text', segment: '0', from_word: 4, to_word: 5, text: 'fellow 東京 people — all of' },
        { type: 'split', segment: '0', at_word: 7 },
        { type: 'set_speaker', segments: ['0', '0.edit-0001.1'], speaker: 3 },
        { type: 'rename_speaker', speaker: 3, name: 'Cleo' },
      ),
      { id: 'edit-0002', operations: [{ type: 'merge', segment: '1' }] },
      { id: 'edit-0003', operations: [{ type: 'undo' }] },
      {
        id: 'edit-0004',
        operations: [
          { type: 'move_boundary', segment: '3', words: -2 },
          { type: 'delete', segment: '2' },
        ],
      },
    ] satisfies Edit[];
    expect(editRequestSchema.safeParse({ base_revision: 0, edits: journal }).success).toBe(true);
    const body = JSON.stringify(editedTranscript(spokenTranscript, journal), null, 1);
    expect(body).toBe(golden('journal', body));
  });
});
