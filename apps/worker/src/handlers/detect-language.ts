import { type LanguageCode, parseLanguage } from '@sotto/contracts';
import type { DetectLanguageResult, Handlers } from '@sotto/queue';
import { type LanguageProbabilities, likely, meanProbabilities } from '../languages/smooth.ts';
import { audioKeyOfWindow, readSpans } from '../runs/audio.ts';
import { goesFirst, modelNameOf } from '../window/engine-call.ts';
import { workersDied } from '../window/gap.ts';
import { mustFit } from '../window/right-worker.ts';
import type { WindowDeps } from './window.ts';

/** Languages of a window that are told; the others are not worth their bytes. */
const TOLD = 5;

/** Detects the language of a few windows of speech: of each, and the likeliest over all of them. */
export function detectLanguageHandler(
  deps: Pick<WindowDeps, 'blobs' | 'engine' | 'models'>,
): Handlers['detect-language'] {
  return async ({ runId, audioKey, model, windows, languages }, { signal, lane, isPoison }) => {
    if (isPoison) throw workersDied();
    await mustFit(model, deps);
    const found: LanguageProbabilities[] = [];
    for (const window of windows) {
      const pcm = await readSpans(deps.blobs, {
        ...window,
        audioKey: audioKeyOfWindow({ runId, audioKey }, window),
      });
      const hooks = { signal, urgent: goesFirst(lane) };
      const { probabilities } = await deps.engine.detectLanguage(modelNameOf(model), pcm, hooks);
      found.push(among(probabilities, languages));
    }
    return { ...likeliest(found), each: found.map((each) => Object.fromEntries(likely(each).slice(0, TOLD))) };
  };
}

/** Probabilities among some languages; all if none is named, or the model knows none of them. */
export function among(
  probabilities: Record<string, number>,
  languages?: readonly LanguageCode[],
): LanguageProbabilities {
  const known = Object.entries(probabilities).flatMap(([name, probability]): [LanguageCode, number][] => {
    const code = parseLanguage(name);
    return code === null ? [] : [[code, probability]];
  });
  const wanted = languages === undefined ? known : known.filter(([code]) => languages.includes(code));
  const sum = wanted.reduce((total, [, probability]) => total + probability, 0);
  if (languages === undefined || sum === 0) return Object.fromEntries(known);
  return Object.fromEntries(wanted.map(([code, probability]) => [code, Math.min(1, probability / sum)]));
}

/** The language with the highest mean probability, and the next one. */
export function likeliest(found: readonly LanguageProbabilities[]): DetectLanguageResult {
  const [[language, probability] = ['en' as const, 0], next] = likely(meanProbabilities(found));
  const runnerUp = next === undefined ? undefined : { language: next[0], probability: Math.min(1, next[1]) };
  return { language, probability: Math.min(1, probability), ...(runnerUp !== undefined && { runnerUp }) };
}
