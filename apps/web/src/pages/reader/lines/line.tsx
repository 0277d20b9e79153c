import type { EditedSegment } from '@sotto/transcript';
import { Pencil, RotateCcw } from 'lucide-react';
import { Fragment, memo } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, classes, IconButton } from '../../../components/button.tsx';
import { clockText } from '../../../i18n/durations.ts';
import type { LineActions } from './actions.ts';
import { markedWords, placesIn, type Search } from './find.ts';
import { FlagNames } from './flag-names.tsx';
import styles from './line.module.css';
import { LineEditor } from './line-editor.tsx';
import { LOW_CONFIDENCE } from './low-confidence.ts';
import { OriginalText } from './original-text.tsx';

export interface LineProps {
  segment: EditedSegment;
  /** null: nobody is known. */
  speaker: string | null;
  /** Another one speaks than before. */
  showsSpeaker: boolean;
  isReadOnly: boolean;
  isActive: boolean;
  isSelected: boolean;
  isEditing: boolean;
  /** Of the word that is being said; null: it is not in this line. */
  currentWord: number | null;
  search: Search;
  /** As it was heard; null: that is not shown. */
  original: string | null;
  actions: LineActions;
}

/** What somebody says in one breath. */
export const Line = memo(function Line(props: LineProps) {
  const { t } = useTranslation();
  const { segment, speaker, showsSpeaker, isReadOnly, isActive, isSelected, isEditing, original, actions } = props;
  const { id, startMs, state } = segment;
  const name = speaker ?? t('speakers.nobody');
  return (
    <div
      className={classes(
        styles.line,
        isActive && styles.active,
        isSelected && styles.selected,
        state !== 'kept' && styles.gone,
        original !== null && styles.compared,
      )}
      data-gone={state === 'kept' ? undefined : ''}
    >
      <button
        type="button"
        className={styles.time}
        aria-label={t('line.hear', { time: clockText(startMs / 1000) })}
        onClick={() => actions.hear(startMs)}
      >
        {clockText(startMs / 1000)}
      </button>
      <div className={styles.body}>
        {showsSpeaker && (
          <button
            type="button"
            className={styles.speaker}
            disabled={isReadOnly}
            aria-label={t('line.speaker', { name })}
            onClick={() => actions.chooseSpeaker(id)}
          >
            {name}
          </button>
        )}
        {isEditing ? <LineEditor segment={segment} actions={actions} /> : <LineText {...props} />}
        {segment.flags.length > 0 && <FlagNames flags={segment.flags} state={state} />}
      </div>
      {original !== null && <OriginalText original={original} edited={state === 'kept' ? segment.text : ''} />}
      {!isReadOnly && (
        <div className={styles.tools}>
          {state === 'kept' ? (
            <IconButton label={t('line.edit')} onClick={() => actions.startEditing(id)}>
              <Pencil size={16} aria-hidden="true" />
            </IconButton>
          ) : (
            <Button kind="quiet" onClick={() => actions.restore(id)}>
              <RotateCcw size={16} aria-hidden="true" />
              {t('line.restore')}
            </Button>
          )}
        </div>
      )}
    </div>
  );
});

function LineText({ segment, currentWord, search, isReadOnly, actions }: LineProps) {
  const { id, words, text, state } = segment;
  const marked = markedWords(segment, placesIn(text, search));
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the same is done by the keys of the page
    <p
      className={styles.text}
      onClick={({ target, shiftKey }) => {
        actions.activate(id, shiftKey);
        const index = target instanceof HTMLElement ? Number(target.dataset.word ?? -1) : -1;
        const word = words[index];
        if (word !== undefined && !shiftKey) actions.hear(word.startMs);
      }}
      onDoubleClick={() => {
        if (!isReadOnly && state === 'kept') actions.startEditing(id);
      }}
    >
      {words.length === 0 && text}
      {words.map(({ word, startMs, confidence }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a word is where it is, and two may begin at the same time
        <Fragment key={`${startMs}.${index}`}>
          {word.slice(0, word.length - word.trimStart().length)}
          <span
            data-word={index}
            className={classes(
              confidence < LOW_CONFIDENCE && styles.low,
              marked.has(index) && styles.marked,
              index === currentWord && styles.current,
            )}
          >
            {word.trimStart()}
          </span>
        </Fragment>
      ))}
    </p>
  );
}
