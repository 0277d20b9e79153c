import type { LanguageCode, LikelyLanguage, RunOf, Span, Window } from '@sotto/contracts';
import { type DetectLanguageResult, type JobContext, MAX_DETECTED_WINDOWS, type Plan } from '@sotto/queue';
import type { KnownModel } from '../models/model-directory.ts';
import { joinSpans } from '../plan/join-spans.ts';
import { DETECTION_WINDOWS } from '../runs/make-plan.ts';
import { type LanguageProbabilities, likely, meanProbabilities, smoothLanguages } from './smooth.ts';
import { type LanguageUnit, languageUnits } from './units.ts';

export interface LanguagePart {
  spans: Span[];
  language: LanguageCode;
}

/** Which languages a recording is in. */
export interface SpokenLanguages {
  /** Of all windows that have no parts; null: each window detects its own. */
  code: LanguageCode | null;
  /** null: the request named the language, or it has not been detected yet. */
  probability: number | null;
  runnerUp?: LikelyLanguage | undefined;
  /** By window, where there are several languages. */
  parts?: ReadonlyMap<number, LanguagePart[]>;
}

/** A window that is at least so sure speaks for a language of its own. */
const SURE = 0.8;

const UNKNOWN: SpokenLanguages = { code: null, probability: null };

/**
 * A single window detects its language while it is transcribed. For several it is detected first, so that they agree; or,
 * where the first ones do not, or several languages are asked for, everywhere.
 */
export async function spokenLanguages(
  run: RunOf<'transcription'>,
  plan: Plan,
  model: KnownModel,
  context: JobContext,
): Promise<SpokenLanguages> {
  const { language, multilingual } = run.options;
  if (language !== null) return { code: language, probability: null };
  if (model.multilingual === false) return { code: 'en', probability: null };
  const detect = detector(run, plan, model, context);
  if (multilingual === true) return detectEverywhere(plan, detect);
  if (plan.windows.length < 2) return UNKNOWN;
  const [found = null] = await detect('language', [plan.windows.slice(0, DETECTION_WINDOWS)]);
  if (found === null) return UNKNOWN;
  if (doDisagree(found)) return detectEverywhere(plan, detect);
  return { code: found.language, probability: found.probability, runnerUp: found.runnerUp };
}

type Detect = (step: string, groups: readonly Window[][]) => Promise<readonly (DetectLanguageResult | null)[]>;

function detector(run: RunOf<'transcription'>, { audioKey }: Plan, model: KnownModel, context: JobContext): Detect {
  const { languages } = run.options;
  const payload = { runId: run.id, audioKey, model: model.name, ...(languages !== undefined && { languages }) };
  return (step, groups) =>
    context.children(
      step,
      groups.map((windows) => ({ kind: 'detect-language' as const, payload: { ...payload, windows } })),
    );
}

function doDisagree({ each = [] }: DetectLanguageResult): boolean {
  const sure = each.flatMap((probabilities) => likely(probabilities).slice(0, 1)).filter(([, share]) => share >= SURE);
  return new Set(sure.map(([language]) => language)).size > 1;
}

async function detectEverywhere({ windows, speech }: Plan, detect: Detect): Promise<SpokenLanguages> {
  const units = languageUnits(windows, speech);
  if (units.length === 0) return UNKNOWN;
  const groups: Window[][] = [];
  for (const [index, { window, spans }] of units.entries()) {
    if (index % MAX_DETECTED_WINDOWS === 0) groups.push([]);
    groups.at(-1)?.push({ ...windows[window], index, spans });
  }
  const found = (await detect('languages', groups)).flatMap((result, at) => eachOf(result, groups[at]?.length ?? 0));
  const heard = units.map(({ speechMs }, at) => ({ speechMs, probabilities: found[at] ?? {} }));
  const languages = smoothLanguages(heard);
  const main = mostSpoken(units, languages);
  const own = found.filter((_, at) => languages[at] === main);
  const [, runnerUp] = likely(meanProbabilities(own));
  return {
    code: main,
    probability: meanProbabilities(own)[main] ?? 0,
    ...(runnerUp !== undefined && { runnerUp: { language: runnerUp[0], probability: runnerUp[1] } }),
    parts: partsOf(units, languages),
  };
}

/** A build before several languages tells only what is likeliest in all of them. */
function eachOf(result: DetectLanguageResult | null, count: number): LanguageProbabilities[] {
  if (result?.each !== undefined) return result.each;
  return Array.from({ length: count }, () => (result === null ? {} : { [result.language]: result.probability }));
}

function mostSpoken(units: readonly LanguageUnit[], languages: readonly LanguageCode[]): LanguageCode {
  const sums: LanguageProbabilities = {};
  for (const [at, language] of languages.entries()) {
    sums[language] = (sums[language] ?? 0) + (units[at]?.speechMs ?? 0);
  }
  return likely(sums)[0]?.[0] ?? 'en';
}

/** Neighbours of one window that are in the same language are one part. */
function partsOf(units: readonly LanguageUnit[], languages: readonly LanguageCode[]): Map<number, LanguagePart[]> {
  const parts = new Map<number, LanguagePart[]>();
  for (const [at, { window, spans }] of units.entries()) {
    const language = languages[at] ?? 'en';
    const own = parts.get(window) ?? [];
    const last = own.at(-1);
    if (last?.language === language) last.spans = joinSpans([...last.spans, ...spans]);
    else own.push({ spans, language });
    parts.set(window, own);
  }
  return parts;
}
