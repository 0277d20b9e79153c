import type { WireItem } from '@sotto/client';
import { speakerId } from '@sotto/contracts/wire';
import { segmentsOf } from '@sotto/transcript';
import { AudioLines, Volume2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { Failure } from '../../../components/failure.tsx';
import { CheckField } from '../../../components/field.tsx';
import { Notice } from '../../../components/notice.tsx';
import { loadMessages } from '../../../i18n/part-messages.ts';
import { useSpeeches } from '../../speak/speech/use-speeches.ts';
import { Spoken } from '../../speak/spoken.tsx';
import { useSpokenVoices } from '../../speak/use-voices.ts';
import { VoiceField } from '../../speak/voice-field.tsx';
import type { Editor } from '../editor/editor.ts';
import panels from '../panels/panels.module.css';
import { plainText } from '../plain-text.ts';
import { useSpeakerName } from '../speaker-names.ts';
import { Dubbed } from './dubbed.tsx';
import { useDub } from './use-dub.ts';
import styles from './voices-dialog.module.css';

await loadMessages('speak');

interface VoicesDialogProps {
  item: WireItem;
  editor: Editor;
  onClose: () => void;
}

/** The transcript, read aloud by a voice, or dubbed: spoken into its times by a voice for each speaker. */
export function VoicesDialog({ item, editor, onClose }: VoicesDialogProps) {
  const { t } = useTranslation(['translation', 'speak']);
  const voices = useSpokenVoices();
  const [speech, speak, silence] = useSpeeches();
  const dub = useDub(item.id, editor);
  const [voice, setVoice] = useState('');
  const [cast, setCast] = useState<Record<number, string>>({});
  const { transcript } = editor.current();
  const { speakers } = transcript;
  const nameOf = useSpeakerName(speakers);
  const language = item.task === 'translate' ? 'en' : (item.language ?? undefined);
  const usual = { ...(voice !== '' && { voice }), language };
  const mayDub = item.rights === 'owner';
  const [video, setVideo] = useState(false);

  const readAloud = () => {
    dub.forget();
    const text = plainText(segmentsOf(transcript), nameOf, { times: false, speakers: false });
    speak(text, { ...usual, textFormat: 'text', name: item.title, wordTimes: true });
  };
  const startDub = () => {
    silence();
    const chosen = Object.entries(cast).filter(([, id]) => id !== '');
    const named = chosen.map(([speaker, id]) => [speakerId(Number(speaker)), id]);
    void dub.start({ ...usual, voices: Object.fromEntries(named), ...(video && { video }) });
  };
  const isMute = voices.data?.length === 0;
  return (
    <Dialog title={t('speak:transcript.title')} isWide onClose={onClose}>
      <div className={panels.form}>
        {voices.isError && <Failure error={voices.error} onRetry={() => void voices.refetch()} />}
        {isMute && (
          <Notice kind="caution" title={t('speak:mute')}>
            <p>{t('speak:muteAdvice')}</p>
          </Notice>
        )}
        <div className={panels.choices}>
          <VoiceField voices={voices.data ?? []} value={voice} onChange={setVoice} />
          {mayDub &&
            speakers.map((_, speaker) => (
              <VoiceField
                // biome-ignore lint/suspicious/noArrayIndexKey: it is what a speaker is known by
                key={speaker}
                label={t('speak:transcript.voiceOf', { speaker: nameOf(speaker) })}
                auto={t('speak:transcript.voiceOwn')}
                voices={voices.data ?? []}
                value={cast[speaker] ?? ''}
                onChange={(id) => setCast({ ...cast, [speaker]: id })}
              />
            ))}
        </div>
        {mayDub && item.audio?.type.startsWith('video/') === true && (
          <CheckField
            label={t('speak:transcript.intoVideo')}
            checked={video}
            onChange={({ target }) => setVideo(target.checked)}
          />
        )}
        {mayDub && <p className={styles.hint}>{t('speak:transcript.hint')}</p>}
        <div className={panels.actions}>
          <Button onClick={readAloud} disabled={isMute}>
            <Volume2 size={16} aria-hidden="true" />
            {t('speak:transcript.readAloud')}
          </Button>
          {mayDub && (
            <Button kind="primary" onClick={startDub} disabled={isMute || dub.state.phase === 'working'}>
              <AudioLines size={16} aria-hidden="true" />
              {t('speak:transcript.dub')}
            </Button>
          )}
        </div>
        {speech !== null && <Spoken speech={speech} onAgain={readAloud} />}
        <Dubbed state={dub.state} onStop={dub.stop} onAgain={startDub} />
      </div>
    </Dialog>
  );
}
