import { useState } from 'react';

/** In characters of the interface: from a laptop on a desk to the last row of a hall. */
export const SIZES = [1.5, 2, 2.75, 3.75, 5, 7] as const;
export const MOST_LINES = 8;
export const CONTRASTS = ['dark', 'light', 'yellow'] as const;

export interface CaptionSettings {
  /** Index in SIZES. */
  size: number;
  lines: number;
  contrast: (typeof CONTRASTS)[number];
}

const STORED_AS = 'sotto.captions';
/** A telephone is held in the hand. */
const NARROW = '(max-width: 40rem)';

const usual = (): CaptionSettings => ({ size: matchMedia(NARROW).matches ? 1 : 3, lines: 3, contrast: 'dark' });

/** How captions look in this browser. */
export function useCaptionSettings(): [CaptionSettings, (changes: Partial<CaptionSettings>) => void] {
  const [settings, setSettings] = useState(stored);
  const change = (changes: Partial<CaptionSettings>): void => {
    const changed = within({ ...settings, ...changes });
    localStorage.setItem(STORED_AS, JSON.stringify(changed));
    setSettings(changed);
  };
  return [settings, change];
}

function stored(): CaptionSettings {
  try {
    return within({ ...usual(), ...JSON.parse(localStorage.getItem(STORED_AS) ?? '{}') });
  } catch {
    return usual();
  }
}

const within = ({ size, lines, contrast }: CaptionSettings): CaptionSettings => ({
  size: Math.max(0, Math.min(SIZES.length - 1, Math.round(size) || 0)),
  lines: Math.max(1, Math.min(MOST_LINES, Math.round(lines) || 1)),
  contrast: CONTRASTS.find((each) => each === contrast) ?? CONTRASTS[0],
});
