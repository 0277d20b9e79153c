import type { WireNewKey } from '@sotto/client';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client.ts';
import { Button } from '../../../components/button.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { Failure } from '../../../components/failure.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { Rows } from '../../../components/rows.tsx';
import layout from '../../../usage/layout.module.css';
import { useAction } from '../parts/action.ts';
import { useKeys } from '../parts/key-names.ts';
import { KeyForm } from './key-form.tsx';
import { KeyRow } from './key-row.tsx';
import { Secret } from './secret.tsx';

export function KeysPage() {
  const { t } = useTranslation('operate');
  const keys = useKeys();
  const [isCreating, setCreating] = useState(false);
  /** Nowhere but here, and only until its reader has it. */
  const [issued, setIssued] = useState<WireNewKey | null>(null);
  const create = useAction(client.admin.createKey.bind(client.admin), 'keys');
  return (
    <>
      <PageHeader title={t('sections.keys')} lead={t('keys.lead')}>
        {!isCreating && (
          <Button kind="primary" onClick={() => setCreating(true)}>
            {t('keys.create')}
          </Button>
        )}
      </PageHeader>
      <div className={layout.notices}>
        {keys.isError && <Failure error={keys.error} onRetry={() => void keys.refetch()} />}
        {issued !== null && <Secret issued={issued} onDone={() => setIssued(null)} />}
        {isCreating && (
          <KeyForm
            title={t('keys.create')}
            error={create.error}
            isSaving={create.isPending}
            onClose={() => setCreating(false)}
            onSave={(form) =>
              create.mutate(form, {
                onSuccess: (made) => {
                  setIssued(made);
                  setCreating(false);
                },
              })
            }
          />
        )}
      </div>
      {keys.data?.length === 0 && !isCreating && <EmptyState title={t('keys.empty')} text={t('keys.emptyText')} />}
      {keys.data !== undefined && keys.data.length > 0 && (
        <Rows label={t('sections.keys')}>
          {keys.data.toReversed().map((key) => (
            <KeyRow key={key.id} apiKey={key} onIssued={setIssued} />
          ))}
        </Rows>
      )}
    </>
  );
}
