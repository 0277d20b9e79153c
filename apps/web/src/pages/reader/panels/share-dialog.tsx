import type { WireItem } from '@sotto/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Copy } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client.ts';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { Failure } from '../../../components/failure.tsx';
import { SelectField, TextField } from '../../../components/field.tsx';
import { localeFor } from '../../../i18n/locale.ts';
import styles from './panels.module.css';

const DAYS = [1, 7, 30, 365];
const USUAL_DAYS = '30';
const FOR_EVER = 'ever';

/** Links by which anybody may read an item, and nothing else. */
export function ShareDialog({ item, onClose }: { item: WireItem; onClose: () => void }) {
  const { t } = useTranslation();
  const [days, setDays] = useState(USUAL_DAYS);
  const queries = useQueryClient();
  const make = useMutation({
    mutationFn: () => client.library.share(item.id, days === FOR_EVER ? null : Number(days)),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['library', 'item', item.id, 'links'] }),
  });
  const address = make.data && `${window.location.origin}${import.meta.env.BASE_URL}shared/${make.data.token}`;
  return (
    <Dialog title={t('share.title')} onClose={onClose}>
      <p>{t('share.text')}</p>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <SelectField label={t('share.for')} value={days} onChange={({ target }) => setDays(target.value)}>
          {DAYS.map((each) => (
            <option key={each} value={each}>
              {t('share.days', { count: each })}
            </option>
          ))}
          <option value={FOR_EVER}>{t('share.ever')}</option>
        </SelectField>
        <div className={styles.actions}>
          <Button kind="primary" type="submit" disabled={make.isPending}>
            {t('share.make')}
          </Button>
        </div>
      </form>
      {make.isError && <Failure error={make.error} />}
      {address !== undefined && (
        <div className={styles.form}>
          <TextField label={t('share.link')} hint={t('share.once')} readOnly value={address} />
          <div className={styles.actions}>
            <Button onClick={() => void navigator.clipboard.writeText(address)}>
              <Copy size={16} aria-hidden="true" />
              {t('share.copy')}
            </Button>
          </div>
        </div>
      )}
      <Links itemId={item.id} />
    </Dialog>
  );
}

function Links({ itemId }: { itemId: string }) {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const queryKey = ['library', 'item', itemId, 'links'];
  const links = useQuery({ queryKey, queryFn: ({ signal }) => client.library.links(itemId, { signal }) });
  const revoke = useMutation({
    mutationFn: (linkId: string) => client.library.revokeLink(itemId, linkId),
    onSettled: () => queries.invalidateQueries({ queryKey }),
  });
  const date = new Intl.DateTimeFormat(localeFor(i18n.language), { dateStyle: 'medium' });
  const open = (links.data ?? []).filter(
    ({ revoked_at, expires_at }) => revoked_at === null && (expires_at === null || Date.parse(expires_at) > Date.now()),
  );
  return (
    <ul className={styles.form} aria-label={t('share.links')}>
      {open.map(({ id, created_at, expires_at }) => (
        <li key={id} className={styles.link}>
          <span>
            {t('share.made', { date: date.format(new Date(created_at)) })}
            {' · '}
            {expires_at === null ? t('share.ever') : t('share.until', { date: date.format(new Date(expires_at)) })}
          </span>
          <Button kind="quiet" onClick={() => revoke.mutate(id)}>
            {t('share.revoke')}
          </Button>
        </li>
      ))}
    </ul>
  );
}
