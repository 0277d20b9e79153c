import { ScriptBuilder, USUAL_MANNER } from './script/build.ts';
import { cleanText } from './script/clean.ts';
import { paragraphsOf } from './script/lines.ts';
import { PAUSES, pauseAfter } from './script/pauses.ts';
import type { Script } from './script/script.ts';

export interface TextOptions {
  format: 'text';
  /** BCP 47, of what says nothing else of itself. */
  language: string;
}

/**
 * What is to be said of a text, sentence by sentence. A pure function, in time in proportion to the text.
 *
 * @throws SottoError invalid_parameter: nothing of it can be said
 */
export function scriptOf(text: string, { language }: TextOptions): Script {
  const builder = new ScriptBuilder(language);
  for (const lines of paragraphsOf(cleanText(text))) {
    for (const [index, line] of lines.entries()) {
      const isLast = index === lines.length - 1;
      const pauseMs = isLast ? PAUSES.paragraph : pauseAfter(line, PAUSES.sentence);
      builder.line([{ text: line, manner: USUAL_MANNER }], pauseMs);
    }
  }
  return builder.script();
}
