import { SottoError } from '@sotto/client';
import { Archive, SlidersHorizontal } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Failure } from '../../components/failure.tsx';
import { SelectField } from '../../components/field.tsx';
import { MoreButton } from '../../components/more-button.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Rows } from '../../components/rows.tsx';
import { TypedField } from '../../components/typed-field.tsx';
import { ArchiveDialog } from './archive-dialog.tsx';
import { type Filter, NO_FILTER, PANEL_FIELDS, SORTS, useFilter } from './filter.ts';
import { FilterPanel } from './filter-panel.tsx';
import { FolderBar } from './folder-bar.tsx';
import { ItemRow } from './item-row.tsx';
import styles from './library.module.css';
import { useItems } from './use-items.ts';

/** Everything that is kept. */
export function LibraryPage() {
  const { t } = useTranslation();
  const [filter, change] = useFilter();
  const query = useItems(filter);
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const isOff = query.error instanceof SottoError && query.error.code === 'library_off';
  const { sort: _sort, ...everything } = NO_FILTER;
  const isFiltered = Object.entries(everything).some(([name, value]) => filter[name as keyof Filter] !== value);
  const panelCount = PANEL_FIELDS.filter((name) => filter[name] !== '').length;
  const [isPanelOpen, setIsPanelOpen] = useState(panelCount > 0);
  const [isArchiveOpen, setIsArchiveOpen] = useState(false);
  const panelId = useId();
  if (isOff) return <LibraryOff />;
  return (
    <>
      <PageHeader title={t('library.title')}>
        <Button onClick={() => setIsArchiveOpen(true)}>
          <Archive size={16} aria-hidden="true" />
          {t('archive.title')}
        </Button>
      </PageHeader>
      {isArchiveOpen && <ArchiveDialog onClose={() => setIsArchiveOpen(false)} />}
      <div className={styles.filters}>
        <TypedField
          label={t('library.search')}
          type="search"
          placeholder={t('library.searchHint')}
          value={filter.q}
          onTyped={(q) => change({ q })}
        />
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
        <Button aria-expanded={isPanelOpen} aria-controls={panelId} onClick={() => setIsPanelOpen(!isPanelOpen)}>
          <SlidersHorizontal size={16} aria-hidden="true" />
          {panelCount === 0 ? t('library.filter') : t('library.filterCount', { count: panelCount })}
        </Button>
      </div>
      {isPanelOpen && <FilterPanel id={panelId} filter={filter} onChange={change} />}
      <FolderBar filter={filter} onChange={change} />
      {query.isError && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      {items.length > 0 && (
        <Rows label={t('library.items')} isFramed={false}>
          {items.map((item) => (
            <ItemRow key={item.id} item={item} query={filter.q} onTag={(tag) => change({ tag })} />
          ))}
        </Rows>
      )}
      {query.isSuccess && items.length === 0 && (
        <EmptyState
          title={isFiltered ? t('library.nothingFound') : t('library.empty')}
          text={isFiltered ? t('library.nothingFoundText') : t('library.emptyText')}
        >
          {isFiltered ? (
            <Button onClick={() => change(everything)}>{t('library.showAll')}</Button>
          ) : (
            <Link to="/transcribe">{t('library.toTranscribe')}</Link>
          )}
        </EmptyState>
      )}
      <MoreButton query={query} />
    </>
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
