import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client.ts';
import { Button } from '../../../components/button.tsx';
import { Failure } from '../../../components/failure.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { Rows } from '../../../components/rows.tsx';
import layout from '../../../usage/layout.module.css';
import { useAction } from '../parts/action.ts';
import { useWorkers } from '../parts/use-workers.ts';
import { FetchForm } from './fetch-form.tsx';
import { ModelRow } from './model-row.tsx';
import { Operations } from './operations.tsx';

const LOOK_AGAIN_MS = 5_000;

export function ModelsPage() {
  const { t } = useTranslation('operate');
  const workers = useWorkers();
  const models = useQuery({
    queryKey: ['operate', 'models'],
    queryFn: ({ signal }) => client.admin.models({ signal }),
    refetchInterval: LOOK_AGAIN_MS,
  });
  const reset = useAction(() => client.admin.setDefaultModel(null), 'models');
  const count = workers.data?.filter(({ roles }) => roles.includes('transcribe')).length ?? 0;
  return (
    <>
      <PageHeader title={t('sections.models')} lead={t('models.lead')}>
        {models.data?.default_model != null && (
          <Button disabled={reset.isPending} onClick={() => reset.mutate()}>
            {t('models.resetDefault')}
          </Button>
        )}
      </PageHeader>
      {(models.error ?? reset.error) !== null && <Failure error={models.error ?? reset.error} />}
      <FetchForm />
      <Operations />
      <section className={layout.section}>
        <h2>{t('models.installed')}</h2>
        {models.data?.models.length === 0 && <p>{t('models.empty')}</p>}
        {models.data !== undefined && models.data.models.length > 0 && (
          <Rows>
            {models.data.models.map((model) => (
              <ModelRow key={model.name} model={model} all={models.data} workers={count} />
            ))}
          </Rows>
        )}
      </section>
    </>
  );
}
