import type { MarkupFormat } from '@sotto/contracts';
import { readMarkdown } from './markup/markdown/markdown.ts';
import { SsmlReader } from './markup/ssml/ssml.ts';
import { Dictionary } from './pronounce/dictionary.ts';
import { ScriptBuilder, USUAL_MANNER } from './script/build.ts';
import { cleanText } from './script/clean.ts';
import { paragraphsOf } from './script/lines.ts';
import { PAUSES, pauseAfter } from './script/pauses.ts';
import type { Script } from './script/script.ts';

export interface TextOptions {
  format: MarkupFormat;
  /** BCP 47, of what says nothing else of itself. */
  language: string;
  /** Comes before all rules; absent: there is none. */
  dictionary?: Dictionary;
}

/**
 * What is to be said of a text, sentence by sentence. A pure function, in time in proportion to the text.
 *
 * @throws SottoError invalid_parameter: nothing of it can be said, or its markup is broken
 */
export function scriptOf(text: string, { format, language, dictionary = Dictionary.EMPTY }: TextOptions): Script {
  const builder = new ScriptBuilder(language, dictionary);
  const clean = cleanText(text);
  if (format === 'ssml') new SsmlReader(builder, language).read(clean);
  else if (format === 'markdown') readMarkdown(clean, builder);
  else readText(clean, builder);
  return builder.script();
}

function readText(text: string, builder: ScriptBuilder): void {
  for (const lines of paragraphsOf(text)) {
    for (const [index, line] of lines.entries()) {
      const isLast = index === lines.length - 1;
      const pauseMs = isLast ? PAUSES.paragraph : pauseAfter(line, PAUSES.sentence);
      builder.line([{ text: line, manner: USUAL_MANNER }], pauseMs);
    }
  }
}
