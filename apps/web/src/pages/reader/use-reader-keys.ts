import { useEffect, useRef } from 'react';

/** What the keys of the page do, by `KeyboardEvent.key` in lower case, with Ctrl or Shift before it: `shift+n`, `ctrl+z`. */
export type Keys = Readonly<Record<string, () => void>>;

const NAMES: Readonly<Record<string, string>> = { ' ': 'space' };

/** Keys of the whole page; fields and open windows have their own. */
export function useReaderKeys(keys: Keys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const abort = new AbortController();
    const onKeyDown = (event: KeyboardEvent): void => {
      const action = latest.current[nameOf(event)];
      if (action === undefined || event.defaultPrevented || event.altKey || isElsewhere(event)) return;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', onKeyDown, { signal: abort.signal });
    return () => abort.abort();
  }, []);
}

function nameOf({ key, shiftKey, ctrlKey, metaKey }: KeyboardEvent): string {
  const isLetter = key.length === 1 && key.toLowerCase() !== key.toUpperCase();
  const name = NAMES[key] ?? key.toLowerCase();
  // What Shift makes of other characters is in the key itself.
  const shift = shiftKey && (isLetter || key.length > 1) ? 'shift+' : '';
  return `${ctrlKey || metaKey ? 'ctrl+' : ''}${shift}${name}`;
}

/** Somebody types, chooses, or presses a button that has the focus. */
function isElsewhere({ target, key, ctrlKey, metaKey }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('dialog') !== null) return true;
  const isField = target.matches('textarea, select, input:not([type=range], [type=checkbox]), [contenteditable]');
  if (isField) return !((ctrlKey || metaKey) && key.toLowerCase() === 'f');
  const isPressed = key === ' ' || key === 'Enter';
  const isMoved = key.startsWith('Arrow') && target.matches('input[type=range]');
  return (isPressed && target.matches('button, a, input, summary')) || isMoved;
}
