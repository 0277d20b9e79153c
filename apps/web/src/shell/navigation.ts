import { AudioLines, type LucideIcon, SlidersHorizontal } from 'lucide-react';

export interface Destination {
  to: string;
  name: 'transcribe' | 'settings';
  icon: LucideIcon;
}

export const DESTINATIONS: readonly Destination[] = [
  { to: '/transcribe', name: 'transcribe', icon: AudioLines },
  { to: '/settings', name: 'settings', icon: SlidersHorizontal },
];
