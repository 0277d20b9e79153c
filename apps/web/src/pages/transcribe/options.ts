import type { TranscribeOptions } from '@sotto/client';
import { useState } from 'react';

/** As they were chosen here; empty: what the service does by itself. */
export interface Choice {
  language: string;
  model: string;
  task: 'transcribe' | 'translate';
  /** `off`, `auto`, or how many. */
  speakers: string;
  /** Names and words to expect, separated by commas. */
  terms: string;
  /** `no`, empty: as long as the library says, or so many days. */
  keep: string;
  /** Makes quiet and noisy recordings better to hear before they are transcribed. */
  enhance: boolean;
}

const STORED_AS = 'sotto.transcribe';
const DEFAULTS: Choice = {
  language: '',
  model: '',
  task: 'transcribe',
  speakers: 'off',
  terms: '',
  keep: '',
  enhance: false,
};

/** What was chosen last is chosen again. */
export function useChoice(): [Choice, (changes: Partial<Choice>) => void] {
  const [choice, setChoice] = useState(storedChoice);
  const change = (changes: Partial<Choice>): void => {
    const changed = { ...choice, ...changes };
    localStorage.setItem(STORED_AS, JSON.stringify(changed));
    setChoice(changed);
  };
  return [choice, change];
}

function storedChoice(): Choice {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(STORED_AS) ?? '{}') };
  } catch {
    return DEFAULTS;
  }
}

/** @param hasLibrary whether this service keeps anything */
export function optionsOf(choice: Choice, hasLibrary: boolean): TranscribeOptions {
  const { language, model, task, speakers, terms, keep, enhance } = choice;
  const keyterms = terms
    .split(/[,\n]/)
    .map((term) => term.trim())
    .filter((term) => term !== '');
  return {
    ...(language !== '' && { language }),
    ...(model !== '' && { model }),
    ...(task === 'translate' && { task }),
    ...(speakers !== 'off' && { diarize: true }),
    ...(/^\d+$/.test(speakers) && { numSpeakers: Number(speakers) }),
    ...(keyterms.length > 0 && { keyterms }),
    ...(hasLibrary && keep !== 'no' && { keep: true }),
    ...(hasLibrary && /^\d+$/.test(keep) && { keepDays: Number(keep) }),
    ...(enhance && { enhance: 'auto' as const }),
  };
}
