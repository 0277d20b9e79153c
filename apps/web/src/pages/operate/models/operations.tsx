import type { WireModelOperation } from '@sotto/client';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client.ts';
import { ProgressBar } from '../../../components/progress-bar.tsx';
import { Facts, Row, Rows } from '../../../components/rows.tsx';
import { useFormats } from '../../../usage/formats.ts';
import layout from '../../../usage/layout.module.css';
import { Chip, type Tone } from '../parts/chip.tsx';

const BUSY_MS = 1_000;
const IDLE_MS = 10_000;

const TONES: Record<WireModelOperation['status'], Tone> = { running: 'caution', completed: 'good', failed: 'danger' };

/** What workers do with their files, and how far each of them is. */
export function Operations() {
  const { t } = useTranslation('operate');
  const { data = [] } = useQuery({
    queryKey: ['operate', 'operations'],
    queryFn: ({ signal }) => client.admin.modelOperations({ signal }),
    refetchInterval: ({ state }) => (state.data?.some(({ status }) => status === 'running') ? BUSY_MS : IDLE_MS),
  });
  if (data.length === 0) return null;
  return (
    <section className={layout.section}>
      <h2>{t('models.operations')}</h2>
      <Rows>
        {data.toReversed().map((operation) => (
          <Row
            key={operation.id}
            name={
              <>
                {t(`models.kinds.${operation.kind}`, { model: operation.model })}
                <Chip tone={TONES[operation.status]}>{t(`models.states.${operation.status}`)}</Chip>
              </>
            }
          >
            {operation.workers.map((worker) => (
              <WorkerProgress key={worker.id} worker={worker} />
            ))}
          </Row>
        ))}
      </Rows>
    </section>
  );
}

function WorkerProgress({ worker }: { worker: WireModelOperation['workers'][number] }) {
  const { t } = useTranslation('operate');
  const { bytes } = useFormats();
  const { id, status, received_bytes: received, total_bytes: total, detail } = worker;
  const isMeasured = received !== null && total !== null && total > 0;
  const facts = [
    id,
    t(`models.states.${status}`),
    isMeasured && status === 'running' && t('models.progress', { received: bytes(received), total: bytes(total) }),
    detail,
  ];
  return (
    <div>
      <Facts>{facts.filter(Boolean).join(' · ')}</Facts>
      {status === 'running' && <ProgressBar label={id} percent={isMeasured ? (100 * received) / total : null} />}
    </div>
  );
}
