import type { TranscribeOptions } from '@sotto/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.ts';
import { Button } from '../../components/button.tsx';
import { Failure } from '../../components/failure.tsx';
import { TextField } from '../../components/field.tsx';
import styles from './address-form.module.css';

/** The service fetches the recording itself. */
export function AddressForm({ options }: { options: TranscribeOptions }) {
  const { t } = useTranslation();
  const [address, setAddress] = useState('');
  const queries = useQueryClient();
  const send = useMutation({
    mutationFn: (url: URL) => client.submit(url, options),
    onSuccess: () => {
      setAddress('');
      return queries.invalidateQueries({ queryKey: ['jobs'] });
    },
  });
  const url = URL.canParse(address.trim()) ? new URL(address.trim()) : null;
  const submit = () => {
    if (url !== null) send.mutate(url);
  };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div className={styles.line}>
        <TextField
          label={t('address.label')}
          type="url"
          placeholder="https://"
          value={address}
          onChange={({ target }) => setAddress(target.value)}
        />
        <Button type="submit" disabled={url === null || send.isPending}>
          <Link2 size={16} aria-hidden="true" />
          {t('address.send')}
        </Button>
      </div>
      {send.isError && <Failure error={send.error} onRetry={submit} />}
    </form>
  );
}
