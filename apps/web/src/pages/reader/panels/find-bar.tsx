import type { EditedSegment } from '@sotto/transcript';
import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../../components/button.tsx';
import { CheckField, TextField } from '../../../components/field.tsx';
import { placesIn, type Search } from '../lines/find.ts';
import styles from './panels.module.css';

interface FindBarProps {
  lines: readonly EditedSegment[];
  search: Search;
  activeId: string | null;
  isReadOnly: boolean;
  onSearch: (search: Search) => void;
  onGo: (id: string) => void;
  onReplace: (ids: readonly string[], search: Search, replacement: string) => void;
  onClose: () => void;
}

/** Search and replace in the whole transcript. */
export function FindBar(props: FindBarProps) {
  const { lines, search, activeId, isReadOnly, onSearch, onGo, onReplace, onClose } = props;
  const { t } = useTranslation();
  const [replacement, setReplacement] = useState('');
  const found = lines.filter(({ state, text }) => state === 'kept' && placesIn(text, search).length > 0);
  const count = found.reduce((sum, { text }) => sum + placesIn(text, search).length, 0);
  const go = (by: 1 | -1): void => {
    const at = found.findIndex(({ id }) => id === activeId);
    const next = found[(at < 0 && by < 0 ? 0 : at + by + found.length) % found.length];
    if (next !== undefined) onGo(next.id);
  };
  const replaceIn = (those: readonly EditedSegment[]): void =>
    onReplace(
      those.map(({ id }) => id),
      search,
      replacement,
    );
  return (
    <search className={styles.find} data-panel>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          go(1);
        }}
      >
        <TextField
          label={t('find.label')}
          type="search"
          autoFocus
          autoComplete="off"
          value={search.query}
          onChange={({ target }) => onSearch({ ...search, query: target.value })}
        />
        <IconButton label={t('find.previous')} disabled={count === 0} onClick={() => go(-1)}>
          <ChevronUp size={18} aria-hidden="true" />
        </IconButton>
        <IconButton label={t('find.next')} type="submit" disabled={count === 0}>
          <ChevronDown size={18} aria-hidden="true" />
        </IconButton>
      </form>
      {!isReadOnly && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            replaceIn(found.filter(({ id }) => id === activeId));
            go(1);
          }}
        >
          <TextField
            label={t('find.replacement')}
            autoComplete="off"
            value={replacement}
            onChange={({ target }) => setReplacement(target.value)}
          />
          <Button type="submit" disabled={!found.some(({ id }) => id === activeId)}>
            {t('find.replace')}
          </Button>
          <Button disabled={count === 0} onClick={() => replaceIn(found)}>
            {t('find.replaceAll')}
          </Button>
        </form>
      )}
      <CheckField
        label={t('find.exact')}
        checked={search.isExact}
        onChange={({ target }) => onSearch({ ...search, isExact: target.checked })}
      />
      <p className={styles.count} role="status">
        {search.query === '' ? '' : t('find.count', { count })}
      </p>
      <IconButton label={t('find.close')} onClick={onClose}>
        <X size={18} aria-hidden="true" />
      </IconButton>
    </search>
  );
}
