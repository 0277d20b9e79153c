import { setTimeout as delay } from 'node:timers/promises';
import { type ErrorCode, SottoError } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { type Handlers, type QueueSettings, Runs, Sweeper, Windows } from '../src/index.ts';
import { planOf, transcriptOf, windowResult } from './harness.ts';

/** What handlers in place of the worker app do: how long things take, and what goes wrong. */
export interface Script {
  /** Of this process, in the log. */
  name: string;
  windows: number;
  windowMs: number;
  /** Ask for the language in a step of its own. */
  detect?: boolean;
  /** Windows that throw this, so many times. */
  failing?: Record<number, { code: ErrorCode; times: number }>;
  prepareError?: ErrorCode;
}

export const logKey = (prefix: string): string => `log:${prefix}`;

/** Lines `NAME start|end|abort:WHY WHAT`, in order, from all processes. */
export async function logOf(redis: Redis, prefix: string): Promise<string[]> {
  return redis.lrange(logKey(prefix), 0, -1);
}

export function scriptedHandlers(redis: Redis, settings: QueueSettings, script: Script): Handlers {
  const runs = new Runs(redis, settings);
  const windows = new Windows(redis, settings);
  const failures = new Map<number, number>();
  const log = (what: string) => redis.rpush(logKey(settings.prefix), `${script.name} ${what}`);

  const work = async (what: string, signal: AbortSignal) => {
    await log(`start ${what}`);
    try {
      await delay(script.windowMs, undefined, { signal });
    } catch {
      await log(`abort:${signal.reason?.why} ${what}`);
      throw new Error('whatever an engine says when it is interrupted');
    }
  };

  return {
    async transcribe({ runId }, context) {
      await log(`start transcribe`);
      const run = await runs.start({ id: runId, kind: 'transcription' });
      if (run === null) return;
      if (script.prepareError !== undefined) throw new SottoError(script.prepareError, 'as scripted');
      const plan = await windows.planned({ id: runId, kind: 'transcription' }, planOf(script.windows));
      const common = { runId, audioKey: plan.audioKey };
      let language: 'en' | 'de' | null = null;
      if (script.detect === true) {
        const payload = { ...common, model: 'tiny', windows: plan.windows.slice(0, 2) };
        const [detected] = await context.children('language', [{ kind: 'detect-language', payload }]);
        if (detected?.language === 'de') language = 'de';
      }
      const options = {
        language,
        task: 'transcribe' as const,
        temperature: 0,
        beamSize: 1,
        bestOf: 5,
        patience: 1,
        lengthPenalty: null,
        suppressTokens: [],
        prompt: null,
        model: 'tiny',
      };
      await context.children(
        'windows',
        plan.windows.map(({ index, spans }) => ({
          kind: 'window' as const,
          payload: { ...common, index, spans, options },
        })),
      );
      await runs.setStage(run, 'assembling');
      const results = await windows.results(runId);
      const text = results.flatMap(({ segments }) => segments.map((segment) => segment.text)).join('');
      await runs.complete(run, transcriptOf(text));
      await log(`end transcribe`);
    },
    async speakers(): Promise<never> {
      throw new Error('nobody asks who speaks here');
    },

    async 'hear-voice'(): Promise<never> {
      throw new Error('nobody has a voice here');
    },

    async speak() {
      throw new Error('no test here has a text spoken');
    },

    async 'word-times'() {
      throw new Error('no test here has words of a text found');
    },

    async 'match-voice'() {
      throw new Error('no test here has a voice made');
    },

    async piece() {
      throw new Error('no test here has a piece of a text spoken');
    },

    async detect() {
      throw new Error('no test here has the language of a recording found');
    },

    async prepare({ runId }) {
      await runs.start({ id: runId, kind: 'transcription' });
      await windows.planned({ id: runId, kind: 'transcription' }, planOf(script.windows));
    },

    async window({ runId, index, options }, { signal }) {
      if ((await windows.result(runId, index)) !== null) return;
      await work(`window ${index}`, signal);
      const failing = script.failing?.[index];
      const failed = failures.get(index) ?? 0;
      if (failing !== undefined && failed < failing.times) {
        failures.set(index, failed + 1);
        throw new SottoError(failing.code, `window ${index}`);
      }
      await windows.complete(runId, windowResult(index, [` ${options.language ?? ''}${index}`]));
      await log(`end window ${index}`);
    },

    async 'detect-language'(_payload, { signal }) {
      await work('language', signal);
      return { language: 'de', probability: 0.9 };
    },

    async 'deliver-webhook'({ subject, delivery }) {
      await log(`webhook ${subject}.${delivery}`);
    },

    async sweep() {
      const sweeper = new Sweeper(redis, settings);
      await sweeper.sweep();
      await sweeper.close();
    },
  };
}
