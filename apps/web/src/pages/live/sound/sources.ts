/** What is listened to. `deviceId` null: the browser's usual microphone. */
export type SoundSource = { kind: 'microphone'; deviceId: string | null } | { kind: 'tab' };

/** A tab or a screen was shared without its sound. */
export class NoSoundSharedError extends Error {}

/** Whisper was made for sound as it is: what browsers do against noise and echoes takes words away. */
const MICROPHONE: MediaTrackConstraints = { echoCancellation: false, noiseSuppression: false, autoGainControl: true };

export const canListenToTabs = (): boolean => navigator.mediaDevices?.getDisplayMedia !== undefined;

/** @throws DOMException `NotAllowedError` where it is refused, `NotFoundError` where there is none; NoSoundSharedError */
export async function openSound(source: SoundSource): Promise<MediaStream> {
  if (source.kind === 'tab') return openTab();
  const { deviceId } = source;
  const audio = { ...MICROPHONE, ...(deviceId !== null && { deviceId: { exact: deviceId } }) };
  return navigator.mediaDevices.getUserMedia({ audio });
}

async function openTab(): Promise<MediaStream> {
  const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  // Browsers share sound only beside a picture, which nobody looks at.
  const stream = await navigator.mediaDevices.getDisplayMedia({ audio, video: true, ...PREFERENCES });
  for (const track of stream.getVideoTracks()) {
    track.stop();
    stream.removeTrack(track);
  }
  if (stream.getAudioTracks().length > 0) return stream;
  throw new NoSoundSharedError('What was shared has no sound.');
}

/** Of Chromium: what its dialog offers first. */
const PREFERENCES = { systemAudio: 'include', selfBrowserSurface: 'exclude', surfaceSwitching: 'include' };
