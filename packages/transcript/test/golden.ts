import { readFileSync, writeFileSync } from 'node:fs';

/** `UPDATE_GOLDEN=1` writes them anew; read the difference before you commit it. */
export function golden(name: string, body: string): string {
  const path = new URL(`golden/${name}.golden`, import.meta.url);
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(path, body);
  return readFileSync(path, 'utf8');
}
