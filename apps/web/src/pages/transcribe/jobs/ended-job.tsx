import { SottoError, type WireStatus } from '@sotto/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Copy, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client.ts';
import { Button } from '../../../components/button.tsx';
import { ConfirmButton } from '../../../components/confirm-button.tsx';
import { Failure } from '../../../components/failure.tsx';
import { RouteButton } from '../../../components/link-button.tsx';
import { Row } from '../../../components/rows.tsx';
import { clockText } from '../../../i18n/durations.ts';
import { localeFor } from '../../../i18n/locale.ts';
import styles from '../lists.module.css';

/** How a job ended, its text where there is one, and what can be done with it. */
export function EndedJob({ job, isKept }: { job: WireStatus; isKept: boolean }) {
  const { t, i18n } = useTranslation();
  const { job_id: id, file_name: name, status, error, detail } = job;
  const [isOpen, setIsOpen] = useState(false);
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => client.cancel(id),
    onSettled: () => queries.invalidateQueries({ queryKey: ['jobs'] }),
  });
  const date = new Intl.DateTimeFormat(localeFor(i18n.language), { dateStyle: 'medium', timeStyle: 'short' });
  const facts = [
    t(`jobs.statuses.${status}`),
    date.format(new Date(job.created_at)),
    job.duration !== undefined && clockText(job.duration),
  ];
  return (
    <Row
      name={name}
      facts={facts.filter(Boolean).join(' · ')}
      actions={
        <>
          {isKept && (
            <RouteButton to={`/library/${id}`} aria-label={t('jobs.openNamed', { name })}>
              {t('jobs.open')}
            </RouteButton>
          )}
          {status === 'completed' && !isKept && (
            <Button aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
              {isOpen ? t('jobs.hide') : t('jobs.read')}
            </Button>
          )}
          {!isKept && (
            <ConfirmButton
              kind="quiet"
              aria-label={t('jobs.delete', { name })}
              title={t('jobs.delete', { name })}
              question={t('jobs.deleteQuestion', { name })}
              consequence={t('jobs.deleteConsequence')}
              action={t('dialog.delete')}
              onConfirm={() => remove.mutate()}
            >
              <Trash2 size={18} aria-hidden="true" />
            </ConfirmButton>
          )}
        </>
      }
    >
      {status === 'failed' && <Failure error={new SottoError(error ?? 'internal_error', detail ?? '')} />}
      {remove.isError && <Failure error={remove.error} />}
      {isOpen && <JobText id={id} />}
    </Row>
  );
}

function JobText({ id }: { id: string }) {
  const { t } = useTranslation();
  const text = useQuery({
    queryKey: ['jobs', id, 'text'],
    queryFn: ({ signal }) => client.result(id, 'text', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (text.isError) return <Failure error={text.error} onRetry={() => void text.refetch()} />;
  if (text.data === undefined) return null;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no pointer scrolls it with the keys */}
      <section className={styles.text} tabIndex={0} aria-label={t('jobs.text')}>
        {text.data.trim() === '' ? t('jobs.noText') : text.data}
      </section>
      <div>
        <Button onClick={() => void navigator.clipboard.writeText(text.data)}>
          <Copy size={16} aria-hidden="true" />
          {t('jobs.copy')}
        </Button>
      </div>
    </>
  );
}
