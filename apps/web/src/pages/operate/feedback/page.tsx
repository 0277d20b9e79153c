import { SottoError, type WireFeedbackList } from '@sotto/client';
import { useQuery } from '@tanstack/react-query';
import { ThumbsDown, ThumbsUp } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client.ts';
import { EmptyState } from '../../../components/empty-state.tsx';
import { Failure } from '../../../components/failure.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { Row, Rows } from '../../../components/rows.tsx';
import { clockText } from '../../../i18n/durations.ts';
import { useFormats } from '../../../usage/formats.ts';
import { Chip } from '../parts/chip.tsx';
import { useKeyNames } from '../parts/key-names.ts';

/** What readers think of their transcripts; what was said in them is not shown. */
export function FeedbackPage() {
  const { t } = useTranslation('operate');
  const query = useQuery({
    queryKey: ['operate', 'feedback'],
    queryFn: ({ signal }) => client.admin.feedback({ signal }),
  });
  const isOff = query.error instanceof SottoError && query.error.code === 'library_off';
  return (
    <>
      <PageHeader title={t('sections.feedback')} lead={t('feedback.lead')} />
      {query.isError && !isOff && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      {(isOff || query.data?.length === 0) && (
        <EmptyState title={t('feedback.empty')} text={t(isOff ? 'feedback.off' : 'feedback.emptyText')} />
      )}
      {query.data !== undefined && query.data.length > 0 && (
        <Rows label={t('sections.feedback')}>
          {query.data.map((given) => (
            <FeedbackRow key={`${given.item} ${given.account}`} given={given} />
          ))}
        </Rows>
      )}
    </>
  );
}

function FeedbackRow({ given }: { given: WireFeedbackList['feedback'][number] }) {
  const { t, i18n } = useTranslation('operate');
  const { moment } = useFormats();
  const nameOf = useKeyNames();
  const { rating, note, account, model, language, duration } = given;
  const Icon = rating === 'up' ? ThumbsUp : ThumbsDown;
  const languages = new Intl.DisplayNames(i18n.language, { type: 'language' });
  const facts = [
    moment(given.given_at),
    account === 'local' ? t('noKey') : nameOf(account),
    model,
    language === null ? null : languages.of(language),
    duration === null ? null : clockText(duration),
  ];
  return (
    <Row
      name={
        <>
          <Icon size={18} aria-hidden="true" />
          <Chip tone={rating === 'up' ? 'good' : 'caution'}>{t(`feedback.ratings.${rating}`)}</Chip>
        </>
      }
      facts={facts.filter((fact) => fact !== null).join(' · ')}
    >
      {note !== '' && <p>{note}</p>}
    </Row>
  );
}
