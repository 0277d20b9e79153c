import { useTranslation } from 'react-i18next';
import { Chip } from '../parts/chip.tsx';
import { useFormats } from '../parts/formats.ts';
import layout from '../parts/layout.module.css';
import { STATE_TONES, shownState, useWorkers } from '../parts/use-workers.ts';

/** Each worker in a line. */
export function Machines() {
  const { t } = useTranslation('operate');
  const { number } = useFormats();
  const { data = [] } = useWorkers();
  if (data.length === 0) return null;
  return (
    <section className={layout.section}>
      <h2>{t('overview.machines')}</h2>
      <ul className={layout.rows}>
        {data.map((worker) => (
          <li key={worker.id} className={layout.row}>
            <div>
              <p className={layout.name}>
                {worker.id}
                <Chip tone={STATE_TONES[shownState(worker)]}>{t(`workers.states.${shownState(worker)}`)}</Chip>
              </p>
              {worker.engines.map(({ kind, device, default_model: model, slots, slots_busy: busy, speed }) => (
                <p key={kind} className={layout.facts}>
                  {[
                    device,
                    model,
                    `${t('workers.slots')}: ${t('workers.slotsOf', { busy, slots })}`,
                    speed !== null && t('times', { speed: number(speed, 1) }),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </p>
              ))}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
