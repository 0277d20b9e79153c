import type { WireSpokenVoice } from '@sotto/client';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.ts';
import { Button } from '../../components/button.tsx';
import { Failure } from '../../components/failure.tsx';

interface SampleButtonProps {
  voice: WireSpokenVoice | undefined;
  /** For voices of which the service has no sample: those that were made of one. */
  onSpeak: (id: string) => void;
}

/** Lets somebody hear a voice before it is chosen; nothing is charged for the samples of the service. */
export function SampleButton({ voice, onSpeak }: SampleButtonProps) {
  const { t } = useTranslation(['translation', 'speak']);
  const player = useRef<HTMLAudioElement | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => () => player.current?.pause(), []);
  const hear = async (id: string) => {
    setError(null);
    player.current?.pause();
    try {
      const { body } = await client.speech.sample(id);
      const address = URL.createObjectURL(await new Response(body).blob());
      const audio = new Audio(address);
      audio.addEventListener('emptied', () => URL.revokeObjectURL(address));
      player.current = audio;
      await audio.play();
    } catch (thrown) {
      setError(thrown);
    }
  };
  const start = () => {
    if (voice === undefined) return;
    return voice.sample === undefined ? onSpeak(voice.id) : hear(voice.id);
  };
  return (
    <>
      <Button disabled={voice === undefined} onClick={() => void start()}>
        {t('speak:sample')}
      </Button>
      {error !== null && <Failure error={error} />}
    </>
  );
}
