import { setTimeout as delay } from 'node:timers/promises';
import {
  type WireAdminModels,
  type WireModelOperation,
  wireAdminModelsSchema,
  wireModelOperationListSchema,
  wireModelOperationSchema,
} from '@sotto/contracts';
import { type AdminOptions, ask } from '../../connection/admin.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { bytesText, note, result, table } from '../../terminal/output.ts';

const POLL_MS = 1_000;

/** What the workers of a service have. */
export async function listServiceModels(options: AdminOptions): Promise<ExitCode> {
  const { models } = await ask(wireAdminModelsSchema, options, 'GET', '/models');
  result(table([['NAME', 'SIZE', 'WORKERS', 'IN MEMORY', 'SPEED', 'MEMORY', ''], ...models.map(rowOf)]));
  return EXIT.ok;
}

function rowOf(model: WireAdminModels['models'][number]): string[] {
  const { name, bytes, workers, fits, loaded_by: loaded, realtime_factor: speed, memory_bytes: memory } = model;
  return [
    name,
    bytesText(bytes),
    String(workers),
    String(loaded),
    speed === null ? '-' : `${speed.toFixed(1)}x`,
    memory === null ? '-' : bytesText(memory),
    fits === 0 ? 'too large for every worker' : '',
  ];
}

export const installInService = (names: readonly string[], options: AdminOptions): Promise<ExitCode> =>
  operate(names, options, 'POST', '/install');
export const verifyInService = (names: readonly string[], options: AdminOptions): Promise<ExitCode> =>
  operate(names, options, 'POST', '/verify');
export const removeFromService = (names: readonly string[], options: AdminOptions): Promise<ExitCode> =>
  operate(names, options, 'DELETE', '');

/** One model after the other, each until all workers have ended. */
async function operate(
  names: readonly string[],
  options: AdminOptions,
  method: string,
  path: string,
): Promise<ExitCode> {
  let isFine = true;
  for (const name of names) {
    const begun = await ask(wireModelOperationSchema, options, method, `/models/${encodeURIComponent(name)}${path}`);
    const { status, workers } = await endOf(begun, options);
    isFine &&= status === 'completed';
    for (const { id, detail } of workers) result(`${name} (${id}): ${detail ?? ''}`);
  }
  return isFine ? EXIT.ok : EXIT.failed;
}

async function endOf(begun: WireModelOperation, options: AdminOptions): Promise<WireModelOperation> {
  let operation = begun;
  let told = '';
  while (operation.status === 'running') {
    const progress = operation.workers.map(progressOf).filter(Boolean).join(', ');
    if (progress !== told && progress !== '') note(`${operation.model}: ${progress}`);
    told = progress;
    await delay(POLL_MS);
    const { operations } = await ask(wireModelOperationListSchema, options, 'GET', '/model-operations');
    const now = operations.find(({ id }) => id === operation.id);
    // Another operation on this model has taken its place.
    if (now === undefined) return { ...operation, status: 'failed' };
    operation = now;
  }
  return operation;
}

function progressOf({ phase, received_bytes: received, total_bytes: total }: WireModelOperation['workers'][number]) {
  if (phase === null) return '';
  const share = received === null || total === null ? '' : ` ${Math.floor((received / total) * 100)} %`;
  return `${phase}${share}`;
}
