import type { WireKey, WireNewKey } from '@sotto/client';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client.ts';
import { Button } from '../../../components/button.tsx';
import { ConfirmButton } from '../../../components/confirm-button.tsx';
import { Failure } from '../../../components/failure.tsx';
import { Facts, Row } from '../../../components/rows.tsx';
import { type Formats, useFormats } from '../../../usage/formats.ts';
import { useAction } from '../parts/action.ts';
import { Chip, type Tone } from '../parts/chip.tsx';
import { LIMIT_FIELDS } from './key-fields.ts';
import { KeyForm } from './key-form.tsx';

const TONES: Record<WireKey['status'], Tone> = { active: 'good', expired: 'caution', revoked: 'plain' };

interface KeyRowProps {
  apiKey: WireKey;
  onIssued: (issued: WireNewKey) => void;
}

export function KeyRow({ apiKey, onIssued }: KeyRowProps) {
  const { t } = useTranslation('operate');
  const formats = useFormats();
  const [isChanging, setChanging] = useState(false);
  const { id, name } = apiKey;
  const change = useAction(
    (form: Parameters<typeof client.admin.changeKey>[1]) => client.admin.changeKey(id, form),
    'keys',
  );
  const rotate = useAction(() => client.admin.rotateKey(id), 'keys');
  const revoke = useAction(() => client.admin.revokeKey(id), 'keys');
  const error = rotate.error ?? revoke.error;
  const facts = [
    id,
    t('keys.since', { date: formats.moment(apiKey.created_at) }),
    apiKey.expires_at !== null && t('keys.until', { date: formats.moment(apiKey.expires_at) }),
  ];
  return (
    <Row
      name={
        <>
          {name} <Chip tone={TONES[apiKey.status]}>{t(`keys.statuses.${apiKey.status}`)}</Chip>
          {apiKey.scopes.includes('admin') && <Chip tone="caution">{t('keys.scopeNames.admin')}</Chip>}
        </>
      }
      facts={facts.filter(Boolean).join(' · ')}
      notes={<Limits apiKey={apiKey} number={formats.number} />}
      wraps
      actions={
        apiKey.status !== 'revoked' && (
          <>
            <Button aria-expanded={isChanging} onClick={() => setChanging(!isChanging)}>
              {t('keys.change')}
            </Button>
            <ConfirmButton
              question={t('keys.rotateQuestion', { name })}
              consequence={t('keys.rotateConsequence')}
              action={t('keys.rotate')}
              onConfirm={() => rotate.mutate(undefined, { onSuccess: onIssued })}
            >
              {t('keys.rotate')}
            </ConfirmButton>
            <ConfirmButton
              question={t('keys.revokeQuestion', { name })}
              consequence={t('keys.revokeConsequence')}
              action={t('keys.revoke')}
              onConfirm={() => revoke.mutate()}
            >
              {t('keys.revoke')}
            </ConfirmButton>
          </>
        )
      }
    >
      {isChanging && (
        <KeyForm
          title={`${t('keys.change')}: ${name}`}
          apiKey={apiKey}
          error={change.error}
          isSaving={change.isPending}
          onClose={() => setChanging(false)}
          onSave={(form) => change.mutate(form, { onSuccess: () => setChanging(false) })}
        />
      )}
      {error !== null && <Failure error={error} />}
    </Row>
  );
}

function Limits({ apiKey, number }: { apiKey: WireKey; number: Formats['number'] }) {
  const { t } = useTranslation('operate');
  const limits = LIMIT_FIELDS.flatMap((field) => {
    const limit = apiKey[field];
    return limit === null ? [] : [`${t(`keys.fields.${field}`)}: ${number(limit, 2)}`];
  });
  return <Facts>{limits.length === 0 ? t('keys.noLimits') : limits.join(' · ')}</Facts>;
}
