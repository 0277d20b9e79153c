import type { WireAdminJob } from '@sotto/client';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client.ts';
import { Button } from '../../../components/button.tsx';
import { ConfirmButton } from '../../../components/confirm-button.tsx';
import { Failure } from '../../../components/failure.tsx';
import { ProgressBar } from '../../../components/progress-bar.tsx';
import { Facts, Row } from '../../../components/rows.tsx';
import { useFormats } from '../../../usage/formats.ts';
import { useAction } from '../parts/action.ts';
import { Chip, type Tone } from '../parts/chip.tsx';
import { useKeyNames } from '../parts/key-names.ts';

const TONES: Record<WireAdminJob['status'], Tone> = {
  processing: 'caution',
  completed: 'good',
  failed: 'danger',
  cancelled: 'plain',
};

export function JobRow({ job }: { job: WireAdminJob }) {
  const { t } = useTranslation('operate');
  const { moment, bytes, duration } = useFormats();
  const nameOf = useKeyNames();
  const cancel = useAction(() => client.admin.cancelJob(job.job_id), 'jobs', 'overview');
  const raise = useAction(() => client.admin.raiseJob(job.job_id), 'jobs');
  const isRunning = job.status === 'processing';
  const { waiting_for: cause, queue_position: position } = job;
  const facts = [
    job.key_id === null ? t('noKey') : nameOf(job.key_id),
    moment(job.created_at),
    job.duration === undefined ? bytes(job.bytes) : duration(job.duration),
    isRunning && t(`lanes.${job.lane}`),
    isRunning && position !== undefined && t('jobs.position', { position }),
    cause !== undefined && t('jobs.waitingFor', { cause: t(`overview.causes.${cause}` as 'overview.causes.disk') }),
  ];
  const verb = isRunning ? 'cancel' : 'delete';
  return (
    <Row
      name={
        <>
          {job.file_name} <Chip tone={TONES[job.status]}>{t(`jobs.statuses.${job.status}`)}</Chip>
        </>
      }
      facts={facts.filter(Boolean).join(' · ')}
      notes={
        job.detail !== undefined && (
          <Facts>
            {job.error}: {job.detail}
          </Facts>
        )
      }
      wraps
      actions={
        <>
          {isRunning && job.lane === 'batch' && (
            <Button title={t('jobs.raiseHint')} disabled={raise.isPending} onClick={() => raise.mutate()}>
              {t('jobs.raise')}
            </Button>
          )}
          <ConfirmButton
            disabled={cancel.isPending}
            question={t(`jobs.${verb}Question`, { name: job.file_name })}
            consequence={t(`jobs.${verb}Consequence`)}
            action={t(`jobs.${verb}Action`)}
            onConfirm={() => cancel.mutate()}
          >
            {t(`jobs.${verb}`)}
          </ConfirmButton>
        </>
      }
    >
      {isRunning && <ProgressBar label={job.file_name} percent={job.progress} />}
      {(cancel.error ?? raise.error) !== null && <Failure error={cancel.error ?? raise.error} />}
    </Row>
  );
}
