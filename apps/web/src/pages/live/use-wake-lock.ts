import { useEffect } from 'react';

/** The screen stays on; a browser that cannot do this, or will not, loses nothing else. */
export function useWakeLock(isWanted: boolean): void {
  useEffect(() => {
    if (!isWanted || !('wakeLock' in navigator)) return;
    let isOver = false;
    let lock: WakeLockSentinel | null = null;
    const take = async () => {
      // The browser takes it back from a tab that is not seen.
      if (document.visibilityState !== 'visible') return;
      lock = await navigator.wakeLock.request('screen');
      if (isOver) await lock.release();
    };
    const takeAgain = () => void take().catch(() => {});
    takeAgain();
    document.addEventListener('visibilitychange', takeAgain);
    return () => {
      isOver = true;
      document.removeEventListener('visibilitychange', takeAgain);
      void lock?.release().catch(() => {});
    };
  }, [isWanted]);
}
