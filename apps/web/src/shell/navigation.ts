import { AudioLines, Gauge, LibraryBig, type LucideIcon, Mic, SlidersHorizontal, Volume2 } from 'lucide-react';

export interface Destination {
  to: string;
  name: 'library' | 'transcribe' | 'live' | 'speak' | 'operate' | 'settings';
  icon: LucideIcon;
  /** Others do not see it. */
  forOperators?: boolean;
}

export const DESTINATIONS: readonly Destination[] = [
  { to: '/library', name: 'library', icon: LibraryBig },
  { to: '/transcribe', name: 'transcribe', icon: AudioLines },
  { to: '/live', name: 'live', icon: Mic },
  { to: '/speak', name: 'speak', icon: Volume2 },
  { to: '/operate', name: 'operate', icon: Gauge, forOperators: true },
  { to: '/settings', name: 'settings', icon: SlidersHorizontal },
];
