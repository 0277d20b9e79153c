import type { RemoteBudgets } from '@sotto/queue';
import { type RemoteBudget, RemoteFailure } from '@sotto/runtime';
import type { RemoteSpeechOptions } from '@sotto/voices';
import type { OnWorkerEvent } from '../../events/worker-event.ts';
import type { RemoteSpeechSettings } from '../../remote-speech-env.ts';

/** Of the budget, in Redis. */
const BUDGET = 'speech';

export interface RemoteSpeechDeps {
  env: RemoteSpeechSettings;
  remoteBudgets: RemoteBudgets;
  onEvent: OnWorkerEvent;
}

/** The other server that this worker has speak; undefined: there is none. */
export function remoteSpeechOf({ env, remoteBudgets, onEvent }: RemoteSpeechDeps): RemoteSpeechOptions | undefined {
  if (env.SPEECH_REMOTE_URL === undefined) return undefined;
  return {
    url: env.SPEECH_REMOTE_URL,
    apiKey: env.SPEECH_REMOTE_API_KEY,
    model: env.SPEECH_REMOTE_MODEL,
    voices: env.SPEECH_REMOTE_VOICES,
    languages: env.SPEECH_REMOTE_LANGUAGES,
    auto: env.SPEECH_REMOTE_AUTO,
    format: env.SPEECH_REMOTE_FORMAT,
    sampleRateHz: env.SPEECH_REMOTE_SAMPLE_RATE,
    timeoutMs: env.SPEECH_REMOTE_TIMEOUT * 1000,
    budget: budgetOf(remoteBudgets, env.SPEECH_REMOTE_MONTHLY_CHARACTERS),
    onState: (state, failure) => onEvent({ type: 'remote_speech', state, error: failure?.cause ?? failure }),
  };
}

/** @param limit 0: it is only counted */
function budgetOf(budgets: RemoteBudgets, limit: number): RemoteBudget {
  return {
    take: async (characters) => {
      if (characters === 0) return;
      const { isTaken, resetsAtMs } = await budgets.take(BUDGET, characters, limit === 0 ? null : limit);
      if (isTaken) return;
      const retryAfterMs = resetsAtMs - Date.now();
      throw new RemoteFailure('spent', 'What the other server may be given in a month is used up.', { retryAfterMs });
    },
    giveBack: (characters) => budgets.giveBack(BUDGET, characters),
  };
}
