import { AccessKeys } from './keys/access.ts';
import { BatchKeys } from './keys/batches.ts';
import { FigureKeys } from './keys/figures.ts';
import { FleetKeys } from './keys/fleet.ts';
import { LiveKeys } from './keys/live.ts';
import { OrderKeys } from './keys/order.ts';
import { OutboxKeys } from './keys/outbox.ts';
import { RequestKeys } from './keys/requests.ts';
import { RunKeys } from './keys/runs.ts';
import { UploadKeys } from './keys/uploads.ts';

/**
 * Every Redis key and channel of this package, by what it belongs to. Nothing else builds one: Lua scripts are given
 * them, or a stem and the suffixes to append to it, as arguments. BullMQ's own are in bullmq-layout.ts.
 */
export class Keys {
  /** Starts every name. */
  readonly prefix: string;
  readonly runs: RunKeys;
  readonly requests: RequestKeys;
  readonly order: OrderKeys;
  readonly access: AccessKeys;
  readonly batches: BatchKeys;
  readonly outbox: OutboxKeys;
  readonly uploads: UploadKeys;
  readonly fleet: FleetKeys;
  readonly figures: FigureKeys;
  readonly live: LiveKeys;

  /** String that expires: written to see whether Redis writes. */
  get probe(): string {
    return `${this.prefix}:probe`;
  }

  /** Never there: a write that would change it, and changes nothing, is refused where any other is. */
  get absent(): string {
    return `${this.prefix}:absent`;
  }

  /** String that expires: there while one of the APIs has looked for what Redis has lost, or has swept the library. */
  turnOf(sweep: 'recovery' | 'library'): string {
    return `${this.prefix}:${sweep}`;
  }

  constructor(prefix: string) {
    this.prefix = prefix;
    this.runs = new RunKeys(prefix);
    this.requests = new RequestKeys(prefix);
    this.order = new OrderKeys(prefix);
    this.access = new AccessKeys(prefix);
    this.batches = new BatchKeys(prefix);
    this.outbox = new OutboxKeys(prefix);
    this.uploads = new UploadKeys(prefix);
    this.fleet = new FleetKeys(prefix);
    this.figures = new FigureKeys(prefix);
    this.live = new LiveKeys(prefix);
  }
}
