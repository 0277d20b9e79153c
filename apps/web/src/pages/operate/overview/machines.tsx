import type { WireWorker } from '@sotto/client';
import { useTranslation } from 'react-i18next';
import { Row, Rows } from '../../../components/rows.tsx';
import { useFormats } from '../../../usage/formats.ts';
import layout from '../../../usage/layout.module.css';
import { Chip } from '../parts/chip.tsx';
import { STATE_TONES, shownState, useWorkers } from '../parts/use-workers.ts';

/** Each worker in a line. */
export function Machines() {
  const { t } = useTranslation('operate');
  const { number } = useFormats();
  const { data = [] } = useWorkers();
  if (data.length === 0) return null;
  const factsOf = ({ device, default_model: model, slots, slots_busy: busy, speed }: WireWorker['engines'][number]) => [
    device,
    model,
    `${t('workers.slots')}: ${t('workers.slotsOf', { busy, slots })}`,
    speed !== null && t('times', { speed: number(speed, 1) }),
  ];
  return (
    <section className={layout.section}>
      <h2>{t('overview.machines')}</h2>
      <Rows>
        {data.map((worker) => (
          <Row
            key={worker.id}
            name={
              <>
                {worker.id}
                <Chip tone={STATE_TONES[shownState(worker)]}>{t(`workers.states.${shownState(worker)}`)}</Chip>
              </>
            }
            facts={worker.engines.flatMap(factsOf).filter(Boolean).join(' · ')}
          />
        ))}
      </Rows>
    </section>
  );
}
