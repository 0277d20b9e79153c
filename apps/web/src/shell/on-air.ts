import { useSyncExternalStore } from 'react';

let isOnAir = false;
const listeners = new Set<() => void>();

/** Whether this tab listens to somebody, whatever page is shown. */
export function setOnAir(value: boolean): void {
  isOnAir = value;
  for (const listener of listeners) listener();
}

export function useOnAir(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => isOnAir,
  );
}
