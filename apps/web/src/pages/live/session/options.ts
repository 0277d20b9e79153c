import type { LiveOptions } from '@sotto/client';
import { type Choice, fieldsOf, optionsOf } from '../../../transcription/choice.ts';

/** What is asked of a session: of the choice for recordings, what makes sense while somebody speaks; all of it for what is kept. */
export function liveOptionsOf(choice: Choice, hasLibrary: boolean): LiveOptions {
  const { language, model, keyterms } = optionsOf(choice, false);
  return {
    // `multi` is what a session does by itself: the language of each utterance is detected.
    ...(language !== undefined && language !== 'multi' && { language: language as LiveOptions['language'] }),
    ...(model !== undefined && { model }),
    ...(keyterms !== undefined && { keyterms: [...keyterms] }),
    ...(hasLibrary && choice.keep !== 'no' && { final_pass: { ...fieldsOf(choice), keep: true } }),
  };
}
