import type { WireAdminWebhook } from '@sotto/client';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client.ts';
import { Button } from '../../../components/button.tsx';
import { Failure } from '../../../components/failure.tsx';
import { Row } from '../../../components/rows.tsx';
import { useFormats } from '../../../usage/formats.ts';
import layout from '../../../usage/layout.module.css';
import { ScrollTable } from '../../../usage/scroll-table.tsx';
import { useAction } from '../parts/action.ts';
import { Chip, type Tone } from '../parts/chip.tsx';
import { useKeyNames } from '../parts/key-names.ts';

const TONES: Record<WireAdminWebhook['state'], Tone> = {
  none: 'plain',
  waiting: 'plain',
  pending: 'caution',
  delivered: 'good',
  failed: 'danger',
};

export function WebhookRow({ webhook }: { webhook: WireAdminWebhook }) {
  const { t } = useTranslation('operate');
  const { moment } = useFormats();
  const nameOf = useKeyNames();
  const replay = useAction(() => client.admin.replayWebhook(webhook.job_id), 'webhooks');
  const { state, attempts } = webhook;
  return (
    <Row
      name={
        <>
          {webhook.file_name} <Chip tone={TONES[state]}>{t(`webhooks.states.${state}`)}</Chip>
        </>
      }
      facts={[
        webhook.url,
        webhook.key_id === null ? t('noKey') : nameOf(webhook.key_id),
        moment(webhook.created_at),
      ].join(' · ')}
      wraps
      actions={
        (state === 'delivered' || state === 'failed') && (
          <Button disabled={replay.isPending} onClick={() => replay.mutate()}>
            {t('webhooks.replay')}
          </Button>
        )
      }
    >
      {attempts.length > 0 && (
        <details>
          <summary>{t('webhooks.attempts', { count: attempts.length })}</summary>
          <Attempts attempts={attempts} />
        </details>
      )}
      {replay.error !== null && <Failure error={replay.error} />}
    </Row>
  );
}

function Attempts({ attempts }: Pick<WireAdminWebhook, 'attempts'>) {
  const { t } = useTranslation('operate');
  const { moment, number } = useFormats();
  return (
    <ScrollTable label={t('webhooks.attempts', { count: attempts.length })}>
      <thead>
        <tr>
          <th scope="col">{t('webhooks.when')}</th>
          <th scope="col">{t('webhooks.answer')}</th>
          <th scope="col" className={layout.amount}>
            {t('webhooks.took')}
          </th>
          <th scope="col">{t('webhooks.outcome')}</th>
        </tr>
      </thead>
      <tbody>
        {attempts.toReversed().map(({ delivery, attempt, started_at: at, took, outcome, status, error }) => (
          <tr key={`${delivery} ${attempt}`}>
            <th scope="row" className={layout.nowrap}>
              {moment(at)}
            </th>
            <td>{status ?? error ?? '–'}</td>
            <td className={layout.amount}>{t('webhooks.milliseconds', { time: number(took * 1000) })}</td>
            <td className={layout.nowrap}>{t(`webhooks.outcomes.${outcome}`)}</td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
