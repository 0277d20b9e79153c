/** For an option that may be given several times. */
export const oneMore = (text: string, before: string[] = []): string[] => [...before, text];
