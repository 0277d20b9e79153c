import type { WireAdminModels } from '@sotto/client';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client.ts';
import { Button } from '../../../components/button.tsx';
import { ConfirmButton } from '../../../components/confirm-button.tsx';
import { Failure } from '../../../components/failure.tsx';
import { useAction } from '../parts/action.ts';
import { Chip } from '../parts/chip.tsx';
import { useFormats } from '../parts/formats.ts';
import layout from '../parts/layout.module.css';

interface ModelRowProps {
  model: WireAdminModels['models'][number];
  all: WireAdminModels;
  /** How many could have it. */
  workers: number;
}

export function ModelRow({ model, all, workers }: ModelRowProps) {
  const { t } = useTranslation('operate');
  const { bytes, number } = useFormats();
  const { name } = model;
  const isDefault = all.current_model === name;
  const isKept = all.preloaded.includes(name);
  const makeDefault = useAction(() => client.admin.setDefaultModel(name), 'models');
  const keep = useAction(() => client.admin.preloadModel(name, !isKept), 'models');
  const verify = useAction(() => client.admin.verifyModel(name), 'operations');
  const remove = useAction(() => client.admin.removeModel(name), 'operations', 'models');
  const error = makeDefault.error ?? keep.error ?? verify.error ?? remove.error;
  return (
    <li className={layout.row}>
      <div className={layout.head}>
        <div className={layout.names}>
          <p className={layout.name}>
            {name} {isDefault && <Chip tone="good">{t('models.isDefault')}</Chip>}
            {isKept && <Chip>{t('models.kept')}</Chip>}
            {!model.multilingual && <Chip>{t('models.english')}</Chip>}
          </p>
          <p className={layout.facts}>
            {t('models.facts', {
              size: bytes(model.bytes),
              workers: model.workers,
              all: workers,
              loaded: model.loaded_by,
            })}
          </p>
          <p className={layout.facts}>
            {model.realtime_factor === null
              ? t('models.notMeasured')
              : t('models.measured', { speed: number(model.realtime_factor, model.realtime_factor < 10 ? 1 : 0) })}
            {model.memory_bytes !== null && ` · ${t('models.memory', { size: bytes(model.memory_bytes) })}`}
          </p>
          {model.warning !== null && <p className={layout.facts}>{model.warning}</p>}
          {model.workers > 0 && model.fits === 0 && <p className={layout.facts}>{t('models.notFitting')}</p>}
        </div>
        <div className={layout.actions}>
          {!isDefault && (
            <Button disabled={makeDefault.isPending} onClick={() => makeDefault.mutate()}>
              {t('models.makeDefault')}
            </Button>
          )}
          <Button disabled={keep.isPending} onClick={() => keep.mutate()}>
            {t(isKept ? 'models.release' : 'models.keep')}
          </Button>
          <Button disabled={verify.isPending} onClick={() => verify.mutate()}>
            {t('models.verify')}
          </Button>
          {!isDefault && (
            <ConfirmButton
              disabled={remove.isPending}
              question={t('models.removeQuestion', { name })}
              consequence={t('models.removeConsequence')}
              action={t('models.remove')}
              onConfirm={() => remove.mutate()}
            >
              {t('models.remove')}
            </ConfirmButton>
          )}
        </div>
      </div>
      {error !== null && <Failure error={error} />}
    </li>
  );
}
