import { AudioLines, Gauge, type LucideIcon, SlidersHorizontal } from 'lucide-react';

export interface Destination {
  to: string;
  name: 'transcribe' | 'operate' | 'settings';
  icon: LucideIcon;
  /** Others do not see it. */
  forOperators?: boolean;
}

export const DESTINATIONS: readonly Destination[] = [
  { to: '/transcribe', name: 'transcribe', icon: AudioLines },
  { to: '/operate', name: 'operate', icon: Gauge, forOperators: true },
  { to: '/settings', name: 'settings', icon: SlidersHorizontal },
];
