import { useEffect, useState } from 'react';
import { Player } from './player.ts';

/** @param url null: there is no recording */
export function usePlayer(url: string | null): Player | null {
  const [player, setPlayer] = useState<Player | null>(null);
  useEffect(() => {
    if (url === null) return;
    const made = new Player(url);
    setPlayer(made);
    return () => made.close();
  }, [url]);
  return player;
}
