import type { Site } from './site.ts';

/** Something that goes wrong. It is over, and what it broke works again, when `strike` resolves. */
export interface Fault {
  name: string;
  /** Faults of one place happen one after the other, those of different places at the same time. */
  place: 'processes' | 'infrastructure';
  /** Why it cannot be done here; null: it can. */
  unavailable?(site: Site): string | null;
  strike(site: Site, random: () => number): Promise<void>;
}
