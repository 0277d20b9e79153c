import { SottoError } from '@sotto/contracts';
import { z } from 'zod';

/** One event of Wyoming (OHF-Voice/wyoming): a line of JSON, then data and payload as long as the line says. */
export interface WyomingEvent {
  type: string;
  data: Record<string, unknown>;
  payload: Buffer;
}

/** Of a line, as long as events that matter here never are. */
const MAX_LINE_BYTES = 16 * 1024;
const MAX_DATA_BYTES = 256 * 1024;
/** Half a minute of 16-bit stereo at 48 kHz would be more; clients send some hundred milliseconds. */
const MAX_PAYLOAD_BYTES = 1024 * 1024;

const length = (most: number) => z.int().min(0).max(most).nullish();
const object = z.record(z.string(), z.unknown());

const headerSchema = z.object({
  type: z.string().max(100),
  data: object.nullish(),
  data_length: length(MAX_DATA_BYTES),
  payload_length: length(MAX_PAYLOAD_BYTES),
});
type Header = z.output<typeof headerSchema>;

const NEWLINE = 10;

/** Makes events of bytes, however they are divided. line -> rest (data and payload) -> line */
export class WyomingReader {
  #buffer: Buffer = Buffer.alloc(0);
  #header: Header | null = null;

  /** @throws SottoError `invalid_request`: nothing that follows can be understood */
  accept(chunk: Buffer): WyomingEvent[] {
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
    const events: WyomingEvent[] = [];
    for (;;) {
      this.#header ??= this.#line();
      if (this.#header === null) return events;
      const event = this.#rest(this.#header);
      if (event === null) return events;
      this.#header = null;
      events.push(event);
    }
  }

  /** null: it is not all there. */
  #line(): Header | null {
    const end = this.#buffer.subarray(0, MAX_LINE_BYTES + 1).indexOf(NEWLINE);
    if (end === -1 && this.#buffer.length > MAX_LINE_BYTES)
      throw unreadable(`A line has at most ${MAX_LINE_BYTES} bytes.`);
    if (end === -1) return null;
    const header = headerSchema.safeParse(parsedJson(this.#buffer.subarray(0, end)));
    if (!header.success) {
      const [issue] = header.error.issues;
      throw unreadable(`A line is a JSON object with a type (${issue?.path.join('.') || 'event'}: ${issue?.message}).`);
    }
    this.#buffer = this.#buffer.subarray(end + 1);
    return header.data;
  }

  #rest({ type, data, data_length, payload_length }: Header): WyomingEvent | null {
    const dataBytes = data_length ?? 0;
    const bytes = dataBytes + (payload_length ?? 0);
    if (this.#buffer.length < bytes) return null;
    const more = dataBytes === 0 ? {} : object.safeParse(parsedJson(this.#buffer.subarray(0, dataBytes))).data;
    if (more === undefined) throw unreadable('The data of an event is a JSON object.');
    const payload = this.#buffer.subarray(dataBytes, bytes);
    this.#buffer = this.#buffer.subarray(bytes);
    return { type, data: { ...data, ...more }, payload };
  }
}

/** As the official client writes it: what belongs to an event follows its line. */
export function encodeEvent(type: string, data: Record<string, unknown> = {}): Buffer {
  const bytes = Buffer.from(Object.keys(data).length === 0 ? '' : JSON.stringify(data));
  const line = { type, version: VERSION, ...(bytes.length > 0 && { data_length: bytes.length }) };
  return Buffer.concat([Buffer.from(`${JSON.stringify(line)}\n`), bytes]);
}

/** Of the protocol's own package that this was written for. */
const VERSION = '1.10.2';

const unreadable = (detail: string): SottoError => new SottoError('invalid_request', detail);

/** undefined: it is none. */
function parsedJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}
