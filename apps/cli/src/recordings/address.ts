import { basename } from 'node:path';

/** Whether an argument is an address that the service fetches a recording from; anything else is a path. */
export const isAddress = (text: string): boolean => /^https?:\/\//i.test(text) && URL.canParse(text);

/** What a recording at an address is called: the last part of its path, or its host. */
export function nameOfAddress({ pathname, hostname }: URL): string {
  return basename(decoded(basename(pathname))) || hostname;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
