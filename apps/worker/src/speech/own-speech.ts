import type { Span, Warning } from '@sotto/contracts';
import { alikeChannels, echoesIn } from './cross-talk.ts';
import { LEVEL_MS } from './levels.ts';
import { outside } from './outside.ts';

/** What was heard in a channel. */
export interface HeardChannel {
  /** Sorted, not overlapping. */
  speech: Span[];
  /** Mean squares of 10 ms frames. */
  frames: Float32Array;
}

/** Whose speech it is. */
export interface OwnSpeech {
  /** Of whoever the channel is of. */
  own: Span[];
  /** Of somebody else, whose own channel has it too. */
  echo: Span[];
}

/** What is left of speech beside an echo lasts at least this long: detectors hear speech begin early and end late. */
const LEAST_OWN_MS = 300;

/** What is said in each channel, so that all is heard once: what another channel has louder is left to that one. */
export function ownSpeech(channels: readonly HeardChannel[]): {
  /** null: it has the same sound as another one. */
  channels: (OwnSpeech | null)[];
  warnings: Warning[];
} {
  const profiles = channels.map(({ frames }) => frames);
  const originals = alikeChannels(profiles);
  // A copy is as loud as its original, and tells nothing of echoes.
  const echoes = echoesIn(profiles.filter((_, at) => originals[at] === null));
  const warnings = originals.flatMap((original, copy) => (original === null ? [] : [alikeWarning(original, copy)]));
  return {
    channels: channels.map(({ speech }, at) => (originals[at] === null ? divided(speech, echoes.shift() ?? []) : null)),
    warnings,
  };
}

const alikeWarning = (original: number, copy: number): Warning => ({
  code: 'channels_alike',
  detail: `Channel ${copy + 1} sounds like channel ${original + 1}: what is said in both is told only of that one.`,
});

function divided(speech: readonly Span[], echo: readonly Span[]): OwnSpeech {
  const own = outside(speech, echo).flatMap((parts, at) => {
    const isWhole = parts.length === 1 && lengthOf(parts[0]) === lengthOf(speech[at]);
    return isWhole ? parts : parts.filter((part) => lengthOf(part) >= LEAST_OWN_MS);
  });
  const echoes = outside(speech, own).flat();
  return { own, echo: echoes.map(inner).filter((part) => lengthOf(part) > 0) };
}

/** Who speaks beside an echo may have begun a little before it seems, and end a little after. */
const inner = ({ startMs, endMs }: Span): Span => ({ startMs: startMs + LEVEL_MS, endMs: endMs - LEVEL_MS });

const lengthOf = (span: Span | undefined): number => (span === undefined ? 0 : span.endMs - span.startMs);
