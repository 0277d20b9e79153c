import type { WireAdminModels } from '@sotto/client';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client.ts';
import { Button } from '../../../components/button.tsx';
import { ConfirmButton } from '../../../components/confirm-button.tsx';
import { Failure } from '../../../components/failure.tsx';
import { Facts, Row } from '../../../components/rows.tsx';
import { useFormats } from '../../../usage/formats.ts';
import { useAction } from '../parts/action.ts';
import { Chip } from '../parts/chip.tsx';

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
  const { realtime_factor: factor, memory_bytes: memory } = model;
  const measured = [
    factor === null ? t('models.notMeasured') : t('models.measured', { speed: number(factor, factor < 10 ? 1 : 0) }),
    memory !== null && t('models.memory', { size: bytes(memory) }),
  ];
  const error = makeDefault.error ?? keep.error ?? verify.error ?? remove.error;
  return (
    <Row
      name={
        <>
          {name} {isDefault && <Chip tone="good">{t('models.isDefault')}</Chip>}
          {isKept && <Chip>{t('models.kept')}</Chip>}
          {!model.multilingual && <Chip>{t('models.english')}</Chip>}
        </>
      }
      facts={t('models.facts', {
        size: bytes(model.bytes),
        workers: model.workers,
        all: workers,
        loaded: model.loaded_by,
      })}
      notes={
        <>
          <Facts>{measured.filter(Boolean).join(' · ')}</Facts>
          {model.warning !== null && <Facts>{model.warning}</Facts>}
          {model.workers > 0 && model.fits === 0 && <Facts>{t('models.notFitting')}</Facts>}
        </>
      }
      wraps
      actions={
        <>
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
        </>
      }
    >
      {error !== null && <Failure error={error} />}
    </Row>
  );
}
