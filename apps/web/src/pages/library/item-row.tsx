import type { WireItemList } from '@sotto/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CalendarClock, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { client } from '../../api/client.ts';
import { IconButton } from '../../components/button.tsx';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { Failure } from '../../components/failure.tsx';
import { Row } from '../../components/rows.tsx';
import { clockText } from '../../i18n/durations.ts';
import { localeFor } from '../../i18n/locale.ts';
import { KeepDialog } from './keep-dialog.tsx';
import styles from './library.module.css';

type Item = WireItemList['items'][number];

interface ItemRowProps {
  item: Item;
  /** What was looked for. */
  query: string;
  onTag: (tag: string) => void;
}

export function ItemRow({ item, query, onTag }: ItemRowProps) {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const [isKeepOpen, setIsKeepOpen] = useState(false);
  const remove = useMutation({
    mutationFn: () => client.library.delete(item.id),
    onSettled: () => queries.invalidateQueries({ queryKey: ['library'] }),
  });
  const { id, title, status, duration, tags, hits, speaker_names: names } = item;
  const date = new Intl.DateTimeFormat(localeFor(i18n.language), { dateStyle: 'medium', timeStyle: 'short' });
  const found = new URLSearchParams(query === '' ? {} : { q: query });
  const day = new Intl.DateTimeFormat(localeFor(i18n.language), { dateStyle: 'medium' });
  const facts = [
    status === 'completed' ? null : t(`jobs.statuses.${status}`),
    date.format(new Date(item.created_at)),
    duration === null ? null : clockText(duration),
    names.length === 0 ? null : names.join(', '),
    item.keep_until === null ? null : t('keep.fact', { date: day.format(new Date(item.keep_until)) }),
  ];
  return (
    <Row
      name={
        <Link className={styles.title} to={`/library/${id}?${found}`}>
          {title}
        </Link>
      }
      facts={
        <>
          {facts.filter((fact) => fact !== null).join(' · ')}
          {tags.map((tag) => (
            <button key={tag} type="button" className={styles.tag} onClick={() => onTag(tag)}>
              #{tag}
            </button>
          ))}
        </>
      }
      actions={
        item.rights === 'owner' && (
          <>
            <IconButton label={t('keep.title', { name: title })} onClick={() => setIsKeepOpen(true)}>
              <CalendarClock size={18} aria-hidden="true" />
            </IconButton>
            <ConfirmButton
              kind="quiet"
              className={styles.remove}
              aria-label={t('jobs.delete', { name: title })}
              title={t('jobs.delete', { name: title })}
              question={t('jobs.deleteQuestion', { name: title })}
              consequence={t('library.deleteConsequence')}
              action={t('dialog.delete')}
              disabled={remove.isPending}
              onConfirm={() => remove.mutate()}
            >
              <Trash2 size={18} aria-hidden="true" />
            </ConfirmButton>
          </>
        )
      }
    >
      {isKeepOpen && <KeepDialog item={item} onClose={() => setIsKeepOpen(false)} />}
      {remove.isError && <Failure error={remove.error} />}
      {hits.length > 0 && (
        <ul className={styles.hits}>
          {hits.map((hit) => (
            <li key={hit.start}>
              <Link
                className={styles.hit}
                to={`/library/${id}?${new URLSearchParams({ q: query, at: String(hit.start) })}`}
              >
                <span className={styles.time}>{clockText(hit.start)}</span>
                <Marked text={hit.text} marks={hit.marks} />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Row>
  );
}

function Marked({ text, marks }: { text: string; marks: readonly (readonly [number, number])[] }) {
  let at = 0;
  const parts = marks.flatMap(([from, to]) => {
    const before = text.slice(at, from);
    at = to;
    return [before, <mark key={from}>{text.slice(from, to)}</mark>];
  });
  return (
    <span>
      {parts}
      {text.slice(at)}
    </span>
  );
}
