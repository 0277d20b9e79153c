import type { Segment, Task, Transcript, Warning, WindowResult } from '@sotto/contracts';
import { joinTexts } from './join-texts.ts';

export interface AssembleMeta {
  durationMs: number;
  model: string;
  task: Task;
  processingMs: number;
  warnings: readonly Warning[];
}

/**
 * The canonical transcript from its windows, given in any order; of two results of one window the first counts.
 * Without speech the text is empty and the language null.
 */
export function assemble(results: readonly WindowResult[], meta: AssembleMeta): Transcript {
  const byIndex = new Map<number, WindowResult>();
  for (const result of results) if (!byIndex.has(result.index)) byIndex.set(result.index, result);
  const ordered = [...byIndex.values()].sort((a, b) => a.index - b.index);
  const segments = inOrder(
    ordered.flatMap((result) => result.segments),
    meta.durationMs,
  );
  return {
    text: joinTexts(segments.map((segment) => segment.text)),
    ...mainLanguage(ordered),
    durationMs: meta.durationMs,
    segments,
    model: meta.model,
    task: meta.task,
    processingMs: meta.processingMs,
    warnings: [...meta.warnings],
  };
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
function mainLanguage(results: readonly WindowResult[]): Pick<Transcript, 'language' | 'languageProbability'> {
  const lengths = new Map<string, number>();
  for (const { language, segments } of results) {
    const length = segments.reduce((sum, segment) => sum + segment.text.length, 0);
    if (length > 0) lengths.set(language, (lengths.get(language) ?? 0) + length);
  }
  const language = [...lengths].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
  const probabilities = results
    .filter((result) => result.language === language && result.languageProbability !== null)
    .map((result) => result.languageProbability ?? 0);
  return { language, languageProbability: probabilities.length > 0 ? Math.max(...probabilities) : null };
}
