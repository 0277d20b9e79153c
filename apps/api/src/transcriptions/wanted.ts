import {
  CONTAINERS,
  type Container,
  type DeliveryOptions,
  type Lane,
  newerOptionsIn,
  PROTOCOL_1_CONTAINERS,
  type RunOptions,
  SottoError,
} from '@sotto/contracts';
import { checkModel } from '../fleet/allowed-model.ts';
import { type ModelWishes, resolveModel } from '../fleet/resolve.ts';
import { type SharedWork, secondModelFor } from '../fleet/second-model.ts';
import type { WorkerDirectory } from '../fleet/worker-directory.ts';
import type { Principal } from '../http/principal.ts';
import type { Keeper } from '../library/keeper.ts';
import type { ApiSettings } from '../settings/settings.ts';
import type { AskedOptions, KeepWish } from './form.ts';

/** What turns a wish into what is done, and how it is delivered. */
export interface WantedDeps {
  directory: WorkerDirectory;
  settings: Pick<ApiSettings, 'defaultModel' | 'secondModel' | 'languages'>;
  keeper: Pick<Keeper, 'isOn'>;
}

/** How a request is delivered, with what it leaves open as its key has it. */
export function deliveryOf(
  { kind, delivery: wanted, keeps }: Pick<AskedOptions, 'kind' | 'delivery'> & { keeps?: KeepWish | undefined },
  principal: Principal,
  deps: Pick<WantedDeps, 'keeper'>,
): DeliveryOptions {
  // The webhook of a batch is called once for the batch, not for each of its items, and nobody waits for one of a sample.
  const isCalled = wanted.batchId === undefined && kind !== 'voice';
  const keep = kind === 'transcription' ? keepOf(keeps, principal, deps) : undefined;
  return { ...(isCalled ? withAddressOfKey(wanted, principal) : wanted), ...(keep !== undefined && { keep }) };
}

/** What the request leaves open is as its key has it, where there is a library. undefined: it is not to be kept. */
function keepOf(
  { isWanted, days }: KeepWish = {},
  { key }: Principal,
  { keeper }: Pick<WantedDeps, 'keeper'>,
): DeliveryOptions['keep'] {
  const isKept = isWanted ?? (key?.keep === true && keeper.isOn);
  return isKept ? { ...(days !== undefined && { days }) } : undefined;
}

/** A request without a webhook address uses that of its key. */
export function withAddressOfKey(wanted: DeliveryOptions, { key }: Principal): DeliveryOptions {
  return { ...(key?.webhookUrl && { webhookUrl: key.webhookUrl }), ...wanted };
}

/** The service's own choice, where the request leaves it open. */
function languagesOf(
  { language = null, languages }: Partial<Pick<RunOptions, 'language' | 'languages'>>,
  { languages: usual }: Pick<ApiSettings, 'languages'>,
): Partial<Pick<RunOptions, 'languages'>> {
  return language === null && languages === undefined && usual.length > 0 ? { languages: usual } : {};
}

/** Options with the model that does the work, and the service's own choice where the request leaves something open. */
export async function withModel<T extends AskedOptions['run']>(
  asked: T,
  /** null: it may not be that of the comparison with a second model. */
  work: SharedWork | null,
  { key }: Principal,
  deps: WantedDeps,
): Promise<{ options: T; modelDigest: string | null }> {
  if (!('model' in asked)) return { options: asked, modelDigest: null };
  // A key that is limited to some models takes part in no comparison.
  const isLimited = (key?.limits.models ?? null) !== null;
  const model = await modelFor(asked, isLimited ? null : work, deps);
  checkModel(model.name, key);
  return {
    options: { ...asked, ...languagesOf(asked, deps.settings), model: model.name },
    modelDigest: model.digest,
  };
}

async function modelFor(
  asked: ModelWishes,
  work: SharedWork | null,
  { directory, settings: { defaultModel, secondModel } }: WantedDeps,
) {
  try {
    const fleet = await directory.fleet();
    const second = secondModel === null || work === null ? null : secondModelFor(asked, work, fleet, secondModel);
    return second ?? resolveModel(asked, fleet, defaultModel);
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
    // A worker may have started since the last sample.
    return resolveModel(asked, await directory.freshFleet(), defaultModel);
  }
}

const UPGRADE_RETRY_SECONDS = 30;

/**
 * A worker of the build before takes any transcription, and fails at a container or an option that it does not know:
 * until the last one has gone, such a recording is not accepted.
 */
export async function refuseDuringUpgrade(
  container: Container,
  options: Partial<RunOptions>,
  { directory }: WantedDeps,
): Promise<void> {
  const isKnown = PROTOCOL_1_CONTAINERS.includes(container);
  const unknown = newerOptionsIn(options);
  if (isKnown && unknown.length === 0) return;
  const { workers } = await directory.fleet();
  if (workers.every(({ protocol }) => protocol > 1)) return;
  const what = isKnown ? `do not know ${unknown.join(', ')}` : `cannot read ${CONTAINERS[container].title}`;
  throw new SottoError('upgrading', `Some workers ${what} yet.`, {
    retryAfterSeconds: UPGRADE_RETRY_SECONDS,
  });
}

/** Clients that wait for the response go first; a request may always lower its priority. */
export function laneOf({ async, priority }: DeliveryOptions, { mayRaisePriority }: Principal): Lane {
  const usual: Lane = async ? 'batch' : 'interactive';
  if (priority === null || priority === usual) return usual;
  if (priority === 'interactive' && !mayRaisePriority) {
    throw new SottoError('forbidden', 'This key may lower the priority of a job, but not raise it.');
  }
  return priority;
}
