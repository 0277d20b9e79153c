/**
 * Kinds of engine that a worker can run. Each is a role too, with queues of its own (packages/queue,
 * catalog/queues.ts).
 */
export const ENGINES = {
  transcribe: {
    does: 'holds the model (GPU or CPU)',
    slot: 'a window decoded at once with others',
    speed: 'audio seconds per wall second',
  },
  speak: {
    does: 'speaks text (CPU)',
    slot: 'a piece of text spoken at once with others',
    speed: 'audio seconds per wall second',
  },
} as const satisfies Record<string, EngineDefinition>;

/** Texts for operators. */
interface EngineDefinition {
  /** Continues a sentence that begins with the name of the role. */
  does: string;
  slot: string;
  /** Unit. */
  speed: string;
}

export type EngineKind = keyof typeof ENGINES;
export const ENGINE_KINDS = Object.keys(ENGINES) as [EngineKind, ...EngineKind[]];

/** Roles of a worker: `prepare`, which needs no engine, and running engines of these kinds. */
export type Role = 'prepare' | EngineKind;
export const ROLES: readonly [Role, ...Role[]] = ['prepare', ...ENGINE_KINDS];
