import type { WireWorker } from '@sotto/client';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client.ts';
import { Button } from '../../../components/button.tsx';
import { Failure } from '../../../components/failure.tsx';
import { Facts, Row } from '../../../components/rows.tsx';
import { useFormats } from '../../../usage/formats.ts';
import layout from '../../../usage/layout.module.css';
import { useAction } from '../parts/action.ts';
import { Chip } from '../parts/chip.tsx';
import { STATE_TONES, shownState } from '../parts/use-workers.ts';

export function WorkerRow({ worker }: { worker: WireWorker }) {
  const { t } = useTranslation('operate');
  const { moment } = useFormats();
  const drain = useAction(
    () => (worker.draining ? client.admin.resumeWorker(worker.id) : client.admin.drainWorker(worker.id)),
    'workers',
  );
  const state = shownState(worker);
  const facts = [
    worker.roles.map((role) => t(`workers.roles.${role}`)).join(', '),
    `${t('workers.since')} ${moment(worker.started_at)}`,
    `${t('workers.version')} ${worker.version}`,
  ];
  return (
    <Row
      name={
        <>
          {worker.id} <Chip tone={STATE_TONES[state]}>{t(`workers.states.${state}`)}</Chip>
        </>
      }
      facts={facts.join(' · ')}
      notes={state === 'drained' && <Facts>{t('workers.drainedText')}</Facts>}
      wraps
      actions={
        (worker.draining || worker.state === 'ready') && (
          <Button
            {...(!worker.draining && { title: t('workers.drainHint') })}
            disabled={drain.isPending}
            onClick={() => drain.mutate()}
          >
            {worker.draining ? t('workers.resume') : t('workers.drain')}
          </Button>
        )
      }
    >
      {worker.engines.map((engine) => (
        <Engine key={engine.kind} engine={engine} />
      ))}
      {drain.error !== null && <Failure error={drain.error} />}
    </Row>
  );
}

function Engine({ engine }: { engine: WireWorker['engines'][number] }) {
  const { t } = useTranslation('operate');
  const { number } = useFormats();
  const { slots, slots_busy: busy, speed, loaded_models: loaded, too_large_models: tooLarge } = engine;
  return (
    <dl className={layout.details}>
      <Detail name={t('workers.device')} value={engine.device} />
      <Detail name={t('workers.model')} value={engine.default_model ?? '–'} />
      <Detail name={t('workers.slots')} value={t('workers.slotsOf', { busy, slots })} />
      <Detail name={t('workers.speed')} value={speed === null ? '–' : t('times', { speed: number(speed, 1) })} />
      {loaded.length > 0 && <Detail name={t('workers.loaded')} value={loaded.join(', ')} />}
      {tooLarge.length > 0 && <Detail name={t('workers.tooLarge')} value={tooLarge.join(', ')} />}
    </dl>
  );
}

const Detail = ({ name, value }: { name: string; value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);
