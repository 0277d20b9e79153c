import { MAX_PROMPT_CHARACTERS, type WindowResult } from '@sotto/contracts';
import { joinTexts } from '@sotto/transcript';

/** Text drawn at a higher temperature would lead the next window astray (openai/whisper's `prompt_reset_on_temperature`). */
const MAX_TEMPERATURE = 0.5;

/**
 * What a window is told: the request's own prompt, then the text of the window before. Where that is too long its end is
 * kept, which is what the model reads.
 */
export function promptAfter(before: WindowResult | null, prompt: string | null): string | null {
  const sure = before?.segments.filter(({ temperature }) => temperature <= MAX_TEMPERATURE) ?? [];
  const text = joinTexts([prompt ?? '', ...sure.map((segment) => segment.text)]);
  return text === '' ? prompt : text.slice(-MAX_PROMPT_CHARACTERS);
}
