import { MAX_PROMPT_CHARACTERS, type Window, type WindowResult } from '@sotto/contracts';
import { joinTexts } from '@sotto/transcript';

/**
 * Text sampled at a higher temperature would mislead the next window (openai/whisper's `prompt_reset_on_temperature`).
 */
const MAX_TEMPERATURE = 0.5;

/** The last window before this one in which the same people may speak; undefined: it is the first. */
export function windowBefore(
  windows: readonly Window[],
  { index, channel }: Omit<Window, 'spans'>,
): Window | undefined {
  return windows.findLast((window) => window.index < index && window.channel === channel);
}

/**
 * The prompt of a window: the request's prompt, then the text of the previous window. If that is too long its end is
 * kept, which is the part the model uses.
 */
export function promptAfter(before: WindowResult | null, prompt: string | null): string | null {
  const sure = before?.segments.filter(({ temperature }) => temperature <= MAX_TEMPERATURE) ?? [];
  const text = joinTexts([prompt ?? '', ...sure.map((segment) => segment.text)]);
  return text === '' ? prompt : text.slice(-MAX_PROMPT_CHARACTERS);
}
