import type { WireItem } from '@sotto/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ThumbsDown, ThumbsUp } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client.ts';
import { Button, IconButton } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { Failure } from '../../../components/failure.tsx';
import { TextField } from '../../../components/field.tsx';
import styles from './panels.module.css';

type Rating = 'up' | 'down';
const ICONS = { up: ThumbsUp, down: ThumbsDown };
const MOST_CHARACTERS = 2_000;

/** What somebody thinks of a transcript, for the operator. */
export function Feedback({ item }: { item: WireItem }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<Rating | null>(null);
  const given = useQuery({
    queryKey: ['library', 'item', item.id, 'feedback'],
    queryFn: ({ signal }) => client.library.feedback(item.id, { signal }),
  });
  return (
    <>
      {(['up', 'down'] as const).map((rating) => {
        const Icon = ICONS[rating];
        return (
          <IconButton
            key={rating}
            label={t(`feedback.${rating}`)}
            aria-pressed={given.data?.rating === rating}
            onClick={() => setAsked(rating)}
          >
            <Icon size={18} aria-hidden="true" />
          </IconButton>
        );
      })}
      {asked !== null && (
        <FeedbackDialog item={item} rating={asked} note={given.data?.note ?? ''} onClose={() => setAsked(null)} />
      )}
    </>
  );
}

interface FeedbackDialogProps {
  item: WireItem;
  rating: Rating;
  note: string;
  onClose: () => void;
}

function FeedbackDialog({ item, rating, note: before, onClose }: FeedbackDialogProps) {
  const { t } = useTranslation();
  const [note, setNote] = useState(before);
  const queries = useQueryClient();
  const give = useMutation({
    mutationFn: () => client.library.giveFeedback(item.id, { rating, note: note.trim() }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['library', 'item', item.id, 'feedback'] });
      onClose();
    },
  });
  return (
    <Dialog title={t(`feedback.${rating}`)} onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          give.mutate();
        }}
      >
        <TextField
          label={t('feedback.note')}
          hint={t('feedback.hint')}
          maxLength={MOST_CHARACTERS}
          value={note}
          onChange={({ target }) => setNote(target.value)}
        />
        {give.isError && <Failure error={give.error} />}
        <div className={styles.actions}>
          <Button kind="primary" type="submit" disabled={give.isPending}>
            {t('feedback.give')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
