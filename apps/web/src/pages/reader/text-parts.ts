import { useState } from 'react';
import type { TextParts } from './plain-text.ts';

const STORED_AS = 'sotto.text-parts';

/** What was chosen last in this browser, for copying and for paper. */
export function useTextParts(): [TextParts, (parts: TextParts) => void] {
  const [parts, setParts] = useState(stored);
  const choose = (chosen: TextParts): void => {
    localStorage.setItem(STORED_AS, JSON.stringify(chosen));
    setParts(chosen);
  };
  return [parts, choose];
}

function stored(): TextParts {
  const { times, speakers } = JSON.parse(localStorage.getItem(STORED_AS) ?? '{}') as Partial<TextParts>;
  return { times: times === true, speakers: speakers !== false };
}
