/** What a key may do: send recordings; look at what is its own; read /metrics; everything under /admin, and /metrics. */
export const SCOPES = ['transcribe', 'read', 'metrics', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];
