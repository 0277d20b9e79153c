/** Words that are written one after another. */
export const list = (words: string): string[] => words.trim().split(/\s+/);
