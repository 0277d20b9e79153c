import type { Span, Window } from '@sotto/contracts';
import type { Plan } from '@sotto/queue';
import { spansMs } from '@sotto/transcript';
import { planWindows } from '../plan/windows.ts';
import { ownSpeech } from '../speech/own-speech.ts';
import { speechRuns } from '../speech/runs.ts';
import type { DecodedChannel, DecodedRecording, PrepareWishes } from './decode-to-storage.ts';

type RecordingPlan = Pick<Plan, 'windows' | 'speech' | 'speechMs' | 'channels' | 'warnings'>;
type Wishes = Pick<PrepareWishes, 'vad' | 'isSplit'>;

/** The windows of a recording, and what was heard in it; of its channels together, or of each. */
export function planRecording(decoded: DecodedRecording, { vad, isSplit }: Wishes): RecordingPlan {
  if (isSplit) return planChannels(decoded, vad);
  const windows = decoded.channels.flatMap((mix) => windowsOf(mix, decoded.audioMs, vad));
  return { windows, speech: decoded.channels[0]?.speech, speechMs: lengthOf(windows), warnings: [] };
}

/** Each channel has its own windows. They are in the order in which they begin, and so the text comes in that order. */
function planChannels({ channels, audioMs }: DecodedRecording, vad: boolean): RecordingPlan {
  const heard = channels.map(({ speech = [], profile: { frames } }) => ({ speech, frames }));
  const { channels: owned, warnings } = ownSpeech(heard);
  const planned = channels.flatMap(({ profile }, channel) => {
    const own = owned[channel];
    if (own == null) return [];
    const windows = windowsOf({ speech: own.own, profile }, audioMs, vad);
    return {
      speech: own.own.map((span) => ({ ...span, channel })),
      windows: windows.map((window) => ({ ...window, channel, ...mutedIn(window, own.echo) })),
    };
  });
  const windows = planned.flatMap((each) => each.windows).toSorted((a, b) => startOf(a) - startOf(b));
  return {
    windows: windows.map((window, index) => ({ ...window, index })),
    speech: planned.flatMap(({ speech }) => speech).toSorted((a, b) => a.startMs - b.startMs),
    speechMs: lengthOf(windows),
    channels: channels.length,
    warnings,
  };
}

/** Speech with room around it, or all there is. */
function windowsOf({ speech, profile }: DecodedChannel, audioMs: number, vad: boolean): Window[] {
  const whole = [{ startMs: 0, endMs: audioMs, pauseBeforeMs: 0 }];
  const runs = vad && speech !== undefined ? speechRuns(speech, audioMs) : whole;
  return planWindows(runs, (fromMs, toMs) => profile.quietestMs(fromMs, toMs));
}

/** What of an echo lies between the first span of a window and its last. */
function mutedIn({ spans }: Window, echo: readonly Span[]): Pick<Window, 'muted'> {
  const [fromMs, toMs] = [spans[0]?.startMs ?? 0, spans.at(-1)?.endMs ?? 0];
  const muted = echo.filter(({ startMs, endMs }) => startMs < toMs && fromMs < endMs);
  return muted.length === 0 ? {} : { muted };
}

const startOf = ({ spans: [first] }: Window): number => first?.startMs ?? 0;

const lengthOf = (windows: readonly Window[]): number => windows.reduce((sum, { spans }) => sum + spansMs(spans), 0);
