import { useEffect, useState } from 'react';

export interface Microphone {
  id: string;
  name: string;
}

/** Microphones by name, as they come and go; browsers tell their names only to pages that were allowed to listen. */
export function useMicrophones(): Microphone[] {
  const [microphones, setMicrophones] = useState<Microphone[]>([]);
  useEffect(() => {
    const devices = navigator.mediaDevices;
    if (devices === undefined) return;
    const look = async () => {
      const all = (await devices.enumerateDevices()).filter(({ kind }) => kind === 'audioinput');
      setMicrophones(
        all
          .filter(({ deviceId, label }) => label !== '' && deviceId !== 'default' && deviceId !== 'communications')
          .map(({ deviceId, label }) => ({ id: deviceId, name: label })),
      );
    };
    const lookAgain = () => void look().catch(() => {});
    lookAgain();
    devices.addEventListener('devicechange', lookAgain);
    return () => devices.removeEventListener('devicechange', lookAgain);
  }, []);
  return microphones;
}
