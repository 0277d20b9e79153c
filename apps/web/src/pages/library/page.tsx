import { SottoError } from '@sotto/client';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Failure } from '../../components/failure.tsx';
import { SelectField, TextField } from '../../components/field.tsx';
import { MoreButton } from '../../components/more-button.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { type Filter, SORTS, useFilter } from './filter.ts';
import { FolderBar } from './folder-bar.tsx';
import { ItemRow } from './item-row.tsx';
import styles from './library.module.css';
import { useItems } from './use-items.ts';

/** How long somebody pauses who has typed what to look for. */
const TYPING_MS = 250;

/** Everything that is kept. */
export function LibraryPage() {
  const { t } = useTranslation();
  const [filter, change] = useFilter();
  const query = useItems(filter);
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const isOff = query.error instanceof SottoError && query.error.code === 'library_off';
  const isFiltered = filter.q !== '' || filter.tag !== '' || filter.folder !== '';
  if (isOff) return <LibraryOff />;
  return (
    <>
      <PageHeader title={t('library.title')} />
      <div className={styles.filters}>
        <SearchField q={filter.q} onChange={(q) => change({ q })} />
        <SelectField
          label={t('library.sort')}
          value={filter.sort}
          onChange={({ target }) => change({ sort: target.value as Filter['sort'] })}
        >
          {SORTS.map((sort) => (
            <option key={sort} value={sort}>
              {t(`library.sorts.${sort}`)}
            </option>
          ))}
        </SelectField>
      </div>
      <FolderBar filter={filter} onChange={change} />
      {query.isError && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      {items.length > 0 && (
        <ul className={styles.items} aria-label={t('library.items')}>
          {items.map((item) => (
            <ItemRow key={item.id} item={item} query={filter.q} onTag={(tag) => change({ tag })} />
          ))}
        </ul>
      )}
      {query.isSuccess && items.length === 0 && (
        <EmptyState
          title={isFiltered ? t('library.nothingFound') : t('library.empty')}
          text={isFiltered ? t('library.nothingFoundText') : t('library.emptyText')}
        >
          {isFiltered ? (
            <Button onClick={() => change({ q: '', tag: '', folder: '' })}>{t('library.showAll')}</Button>
          ) : (
            <Link to="/transcribe">{t('library.toTranscribe')}</Link>
          )}
        </EmptyState>
      )}
      <MoreButton query={query} />
    </>
  );
}

function SearchField({ q, onChange }: { q: string; onChange: (q: string) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(q);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing starts the clock
  useEffect(() => {
    if (typed === q) return;
    const timer = setTimeout(() => onChange(typed), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <TextField
      label={t('library.search')}
      type="search"
      value={typed}
      placeholder={t('library.searchHint')}
      onChange={({ target }) => setTyped(target.value)}
    />
  );
}

function LibraryOff() {
  const { t } = useTranslation();
  return (
    <>
      <PageHeader title={t('library.title')} />
      <EmptyState title={t('library.off')} text={t('library.offText')} />
    </>
  );
}
