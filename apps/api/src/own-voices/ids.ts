import { randomUUID } from 'node:crypto';

const hex = (): string => randomUUID().replaceAll('-', '');

export const newVoiceId = (): string => `voice_${hex()}`;
export const newConsentId = (): string => `cons_${hex()}`;
export const newSeed = (id: string): number => Number.parseInt(id.slice(-8), 16);
