import type { LanguageCode } from '@sotto/contracts';
import { parseLanguage } from '@sotto/contracts';
import type { DetectLanguageResult, Handlers } from '@sotto/queue';
import type { DetectedLanguage } from '@sotto/whisper';
import { readSpans } from '../runs/audio.ts';
import { goesFirst, modelNameOf } from '../window/engine-call.ts';
import { workersDied } from '../window/gap.ts';
import { mustFit } from '../window/right-worker.ts';
import type { WindowDeps } from './window.ts';

/** Detects the language of a few windows of speech; the likeliest over all of them wins. */
export function detectLanguageHandler(
  deps: Pick<WindowDeps, 'blobs' | 'engine' | 'models'>,
): Handlers['detect-language'] {
  return async ({ audioKey, model, windows }, { signal, lane, isPoison }) => {
    if (isPoison) throw workersDied();
    await mustFit(model, deps);
    const found: DetectedLanguage[] = [];
    for (const { spans } of windows) {
      const pcm = await readSpans(deps.blobs, audioKey, spans);
      found.push(await deps.engine.detectLanguage(modelNameOf(model), pcm, { signal, urgent: goesFirst(lane) }));
    }
    return likeliest(found);
  };
}

/** The language with the highest mean probability. */
export function likeliest(found: Pick<DetectedLanguage, 'probabilities'>[]): DetectLanguageResult {
  const sums = new Map<LanguageCode, number>();
  for (const { probabilities } of found) {
    for (const [name, probability] of Object.entries(probabilities)) {
      const code = parseLanguage(name);
      if (code !== null) sums.set(code, (sums.get(code) ?? 0) + probability);
    }
  }
  const [language, sum] = [...sums].sort((a, b) => b[1] - a[1])[0] ?? ['en' as const, 0];
  return { language, probability: Math.min(1, sum / Math.max(1, found.length)) };
}
