import { type Edit, type EditOperation, SottoError, type Transcript } from '@sotto/contracts';
import fc from 'fast-check';
import { applyEdit, type EditedTranscript, segmentsOf, unedited, withSpeakers } from '../src/index.ts';
import { anyTranscript, segmentOf } from './arbitraries.ts';

/** With dropped segments, speakers and a segment without words, or not. */
export const anyKeptTranscript: fc.Arbitrary<Transcript> = fc
  .record({
    transcript: anyTranscript,
    isSpoken: fc.boolean(),
    isWordless: fc.boolean(),
    turns: fc.array(fc.record({ startMs: fc.nat(20_000), lengthMs: fc.nat(5_000), speaker: fc.nat(2) }), {
      maxLength: 8,
    }),
    droppedAt: fc.array(fc.nat(20_000), { maxLength: 3 }),
  })
  .map(({ transcript, isSpoken, isWordless, turns, droppedAt }) => {
    const [first, ...rest] = transcript.segments;
    const segments = first !== undefined && isWordless ? [{ ...first, words: [] }, ...rest] : transcript.segments;
    const dropped = droppedAt
      .sort((a, b) => a - b)
      .map((startMs, id) => segmentOf([{ word: ' Thanks.', startMs, endMs: startMs + 300, confidence: 0.2 }], id));
    const canonical = { ...transcript, segments, dropped };
    if (!isSpoken) return canonical;
    const spoken = turns
      .map(({ startMs, lengthMs, speaker }) => ({ startMs, endMs: startMs + lengthMs, speaker }))
      .sort((a, b) => a.startMs - b.startMs);
    return withSpeakers(canonical, { turns: spoken });
  });

type Kind = EditOperation['type'];
const KINDS: Kind[] = [
  'replace_text',
  'replace_text',
  'split',
  'merge',
  'move_boundary',
  'set_speaker',
  'rename_speaker',
  'delete',
  'restore',
];

interface Choice {
  kind?: Kind;
  a: number;
  b: number;
  c: number;
  text: string;
}

/** An operation that makes sense here, most of the time; null: none of this kind does. */
export function operationFrom(state: EditedTranscript, { kind, a, b, c, text }: Choice): EditOperation | null {
  const type = kind ?? KINDS[c % KINDS.length] ?? 'delete';
  const kept = segmentsOf(state).filter((segment) => segment.state === 'kept');
  const gone = segmentsOf(state).filter((segment) => segment.state !== 'kept');
  const segment = (type === 'restore' ? gone : kept)[a % (type === 'restore' ? gone : kept).length];
  if (segment === undefined && type !== 'undo' && type !== 'redo') return null;
  const id = segment?.id ?? '';
  const count = segment?.words.length ?? 0;
  const operation = ((): EditOperation => {
    switch (type) {
      case 'replace_text': {
        const [from, to] = [b % (count + 1), c % (count + 1)].sort((x, y) => x - y);
        return { type, segment: id, from_word: from ?? 0, to_word: to ?? 0, text };
      }
      case 'split':
        return { type, segment: id, at_word: 1 + (b % Math.max(1, count - 1)) };
      case 'move_boundary':
        return { type, segment: id, words: (b % 7) - 3 || 1 };
      case 'set_speaker':
        return {
          type,
          segments: [id, kept[b % kept.length]?.id ?? id],
          speaker: c % 5 === 0 ? null : b % (state.speakers.length + 1),
        };
      case 'rename_speaker':
        return { type, speaker: b % Math.max(1, state.speakers.length), name: c % 4 === 0 ? null : `Anna ${c}` };
      case 'undo':
      case 'redo':
        return { type };
      default:
        return { type, segment: id };
    }
  })();
  try {
    applyEdit(state, { id: 'edit-tried', operations: [operation] });
    return operation;
  } catch (error) {
    if (error instanceof SottoError && error.code === 'invalid_edit') return null;
    throw error;
  }
}

const TEXTS = [
  'hello',
  ' big world',
  'a, b',
  '',
  'don’t ',
  '東京タワー',
  'สวัสดี ครับ',
  '(',
  ' 👩‍👩‍👧 ok',
  '\n',
  'x\u0000y\ud800',
];

/** Edits, each of one or several operations, that can be made on a transcript one after the other. */
export const anyJournal: fc.Arbitrary<{ canonical: Transcript; journal: Edit[] }> = fc
  .record({
    canonical: anyKeptTranscript,
    choices: fc.array(
      fc.record({
        a: fc.nat(),
        b: fc.nat(),
        c: fc.nat(),
        text: fc.oneof(fc.constantFrom(...TEXTS), fc.string()),
        step: fc.constantFrom('new', 'new', 'new', 'new', 'further', 'undo', 'redo'),
      }),
      { maxLength: 25 },
    ),
  })
  .map(({ canonical, choices }) => {
    const journal: Edit[] = [];
    let before = unedited(canonical);
    let state = before;
    choices.forEach(({ step, ...choice }, index) => {
      const kind = step === 'undo' || step === 'redo' ? step : undefined;
      const operation = operationFrom(state, { ...choice, ...(kind !== undefined && { kind }) });
      if (operation === null) return;
      const last = journal.at(-1);
      const isFurther = step === 'further' && last !== undefined && !/undo|redo/.test(last.operations[0]?.type ?? '');
      if (isFurther) journal[journal.length - 1] = { ...last, operations: [...last.operations, operation] };
      else {
        journal.push({ id: `edit-${index}-${choice.a}`, operations: [operation] });
        before = state;
      }
      const edit = journal.at(-1);
      if (edit !== undefined) state = applyEdit(before, edit);
    });
    return { canonical, journal };
  });
