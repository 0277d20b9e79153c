import type { Warning } from '@sotto/contracts';
import type { Response } from 'express';

/** For answers whose shape has no place for warnings: `Warning: 299 sotto "..."` (RFC 7234, 5.5), one each. */
export function setWarnings(response: Response, warnings: readonly Pick<Warning, 'detail'>[]): void {
  if (warnings.length === 0) return;
  response.set(
    'Warning',
    warnings.map(({ detail }) => `299 sotto "${quotable(detail)}"`),
  );
}

function quotable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, '\\$&');
}
