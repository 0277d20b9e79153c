import type { EditedSegment } from '@sotto/transcript';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LineActions } from './actions.ts';
import styles from './line.module.css';

/** Somebody who stops typing for so long has it saved. */
const PAUSE_MS = 1_000;

/** A line while it is typed. Enter divides it or ends it, Backspace at its start joins it to the one before. */
export function LineEditor({ segment, actions }: { segment: EditedSegment; actions: LineActions }) {
  const { t } = useTranslation();
  const field = useRef<HTMLTextAreaElement>(null);
  const isDone = useRef(false);
  const { id } = segment;
  // As it was when typing began: what is typed is saved on the way.
  const [text] = useState(segment.text.trim());
  const typed = (): string => field.current?.value ?? text;
  const pause = useRef(0);
  const save = (): void => {
    if (!isDone.current) actions.save(id, typed());
  };
  const saveSoon = (): void => {
    window.clearTimeout(pause.current);
    pause.current = window.setTimeout(save, PAUSE_MS);
  };
  useEffect(() => {
    const element = field.current;
    element?.focus();
    element?.setSelectionRange(element.value.length, element.value.length);
    return () => window.clearTimeout(pause.current);
  }, []);
  useEffect(() => {
    // The last moment that a page surely has before its tab is closed.
    document.addEventListener('visibilitychange', save);
    return () => document.removeEventListener('visibilitychange', save);
  });
  const leave = (then: () => void): void => {
    if (isDone.current) return;
    isDone.current = true;
    then();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    const { selectionStart: start, selectionEnd: end, value } = event.currentTarget;
    const isAtEdge = start === end && (start === 0 || value.slice(start).trim() === '');
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') leave(() => actions.stopEditing(id, text));
    else if (event.key === 'Enter') {
      if (isAtEdge || event.shiftKey) leave(() => actions.stopEditing(id, typed()));
      else leave(() => actions.split(id, typed(), start));
    } else if (event.key === 'Backspace' && start === 0 && end === 0) {
      leave(() => actions.mergeIntoPrevious(id, typed()));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <textarea
      ref={field}
      className={styles.field}
      aria-label={t('line.text')}
      defaultValue={text}
      rows={1}
      spellCheck
      onInput={saveSoon}
      onKeyDown={onKeyDown}
      onBlur={() => leave(() => actions.stopEditing(id, typed()))}
    />
  );
}
