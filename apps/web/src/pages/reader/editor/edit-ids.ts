/** Also where there is no `crypto.randomUUID`: on pages without TLS. */
export function newEditId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** What is too much for one edit is made by several, whose ids say that they belong together. */
export const partId = (groupId: string, part: number): string => `${groupId}-${part}`;

const PART = /^([0-9a-f]{24})-\d+$/;

/** null: the edit stands alone. */
export const groupOf = (editId: string | undefined): string | null => PART.exec(editId ?? '')?.[1] ?? null;
