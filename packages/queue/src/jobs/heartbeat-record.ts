import {
  ENGINE_KINDS,
  type EngineReport,
  type Heartbeat,
  heartbeatSchema,
  installedModelSchema,
  ROLES,
  type Role,
} from '@sotto/contracts';
import { z } from 'zod';

/**
 * Heartbeats as they are stored in Redis. While a fleet is upgraded or rolled back, builds of several versions run side
 * by side and read each other's heartbeats.
 */

/** Roles of protocol 1. Its builds refuse a record with any other role, and with it the whole list. */
const FIRST_ROLES = ['prepare', 'transcribe'] as const satisfies readonly Role[];

/** Protocol 1: one engine, described by fields of the worker. */
const firstRecordSchema = heartbeatSchema.omit({ protocol: true, engines: true }).extend({
  roles: z.array(z.enum(FIRST_ROLES)),
  device: z.string(),
  currentModel: z.string().nullable(),
  models: z.array(installedModelSchema),
  slots: z.int(),
  busySlots: z.int(),
  rtfx: z.number().nullable(),
});
type FirstRecord = z.infer<typeof firstRecordSchema>;

/** Protocol 2 and later: roles and kinds of engine that this build does not know are left out. */
const recordSchema = heartbeatSchema.omit({ roles: true }).extend({
  allRoles: z.array(z.string()).transform((names) => ROLES.filter((role) => names.includes(role))),
  engines: z
    .array(z.looseObject({ kind: z.string() }))
    .transform((engines) => engines.filter(({ kind }) => ENGINE_KINDS.some((known) => known === kind)))
    .pipe(heartbeatSchema.shape.engines),
});

/** What is written: both shapes in one, since builds of protocol 1 need the fields they know. */
export function heartbeatRecord(heartbeat: Heartbeat): string {
  const { roles, ...rest } = heartbeat;
  const record: z.input<typeof recordSchema> & FirstRecord = { ...rest, allRoles: roles, ...firstFields(heartbeat) };
  return JSON.stringify(record);
}

function firstFields({ roles, engines, ...rest }: Heartbeat): FirstRecord {
  const engine = engines.find(({ kind }) => kind === 'transcribe');
  return {
    workerId: rest.workerId,
    roles: FIRST_ROLES.filter((role) => roles.includes(role)),
    startedAtMs: rest.startedAtMs,
    state: rest.state,
    device: engine?.device ?? 'cpu',
    currentModel: engine?.defaultModel ?? null,
    models: engine?.models ?? [],
    slots: engine?.slots ?? 0,
    busySlots: engine?.busy ?? 0,
    rtfx: engine?.speed ?? null,
    metricsUrl: rest.metricsUrl,
    version: rest.version,
  };
}

/** @throws ZodError, SyntaxError when it is a record of neither this protocol nor an earlier one */
export function readHeartbeat(json: string): Heartbeat {
  const value: unknown = JSON.parse(json);
  if (isFirst(value)) return fromFirst(firstRecordSchema.parse(value));
  const { allRoles, ...rest } = recordSchema.parse(value);
  return { ...rest, roles: allRoles };
}

const isFirst = (value: unknown): boolean => typeof value === 'object' && value !== null && !('protocol' in value);

function fromFirst(record: FirstRecord): Heartbeat {
  const engine: EngineReport = {
    kind: 'transcribe',
    device: record.device,
    defaultModel: record.currentModel,
    models: record.models,
    slots: record.slots,
    busy: record.busySlots,
    speed: record.rtfx,
  };
  return {
    protocol: 1,
    workerId: record.workerId,
    roles: record.roles,
    startedAtMs: record.startedAtMs,
    state: record.state,
    engines: record.roles.includes('transcribe') ? [engine] : [],
    metricsUrl: record.metricsUrl,
    version: record.version,
  };
}
