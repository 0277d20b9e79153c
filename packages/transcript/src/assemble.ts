import type { HallucinationFilter, Segment, Task, Transcript, Warning, WindowResult } from '@sotto/contracts';
import { isHallucination } from './flags.ts';
import { joinTexts } from './join-texts.ts';
import { repeatedLines } from './repeated-lines.ts';

export interface AssembleMeta {
  durationMs: number;
  model: string;
  task: Task;
  processingMs: number;
  warnings: readonly Warning[];
  /** Absent: `off`. */
  hallucinationFilter?: HallucinationFilter;
}

/**
 * The canonical transcript from its windows, given in any order; of two results of one window the first counts.
 * Without speech the text is empty and the language null.
 */
export function assemble(results: readonly WindowResult[], meta: AssembleMeta): Transcript {
  const byIndex = new Map<number, WindowResult>();
  for (const result of results) if (!byIndex.has(result.index)) byIndex.set(result.index, result);
  const ordered = [...byIndex.values()].sort((a, b) => a.index - b.index);
  const filter = meta.hallucinationFilter ?? 'off';
  const heard = ordered.flatMap((result) => result.segments);
  const judged = filter === 'off' ? heard : flagRepeatedLines(heard, ordered);
  const isDropped = (segment: Segment) => filter === 'drop' && isHallucination(segment.flags);
  const segments = inOrder(
    judged.filter((segment) => !isDropped(segment)),
    meta.durationMs,
  );
  const dropped = [...ordered.flatMap((result) => result.dropped), ...judged.filter(isDropped)];
  return {
    text: joinTexts(segments.map((segment) => segment.text)),
    ...mainLanguage(ordered),
    durationMs: meta.durationMs,
    segments,
    dropped: inOrder(dropped.sort(byStart), meta.durationMs),
    model: meta.model,
    task: meta.task,
    processingMs: meta.processingMs,
    warnings: [...meta.warnings],
  };
}

/** Lines are compared with all that was heard, also with what the windows have set apart. */
function flagRepeatedLines(segments: readonly Segment[], results: readonly WindowResult[]): Segment[] {
  const all = results.flatMap((result) => [...result.segments, ...result.dropped].sort(byStart));
  const marks = repeatedLines(all.map(({ text }) => text));
  const repeated = new Set(all.filter((_, at) => marks[at]));
  return segments.map((segment) =>
    repeated.has(segment) ? { ...segment, flags: [...segment.flags, 'repeated_line' as const] } : segment,
  );
}

function byStart(a: Segment, b: Segment): number {
  return a.startMs - b.startMs;
}

/** Numbers segments and keeps their times inside the recording and in order, whatever the windows said. */
function inOrder(segments: readonly Segment[], durationMs: number): Segment[] {
  let floorMs = 0;
  return segments.map((segment, id) => {
    const inside = (ms: number) => Math.min(Math.max(ms, floorMs), Math.max(floorMs, durationMs));
    const startMs = inside(segment.startMs);
    const endMs = inside(segment.endMs);
    const words = segment.words.map((word) => ({ ...word, startMs: inside(word.startMs), endMs: inside(word.endMs) }));
    floorMs = endMs;
    return { ...segment, id, startMs, endMs, words };
  });
}

/** The language with the most text, and the best probability any of its windows gave it. */
export function mainLanguage(results: readonly WindowResult[]): Pick<Transcript, 'language' | 'languageProbability'> {
  const lengths = new Map<string, number>();
  for (const { language: ofWindow, segments } of results) {
    for (const { text, language = ofWindow } of segments) {
      if (text.length > 0) lengths.set(language, (lengths.get(language) ?? 0) + text.length);
    }
  }
  const language = [...lengths].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
  const probabilities = results
    .filter((result) => result.language === language && result.languageProbability !== null)
    .map((result) => result.languageProbability ?? 0);
  return { language, languageProbability: probabilities.length > 0 ? Math.max(...probabilities) : null };
}
