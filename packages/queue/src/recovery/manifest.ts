import { batchItemSchema, deliveryOptionsSchema, LANES } from '@sotto/contracts';
import { z } from 'zod';
import type { AcceptedBatch } from '../batches/batches.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { AttachInput } from '../runs/attachment.ts';

/** A build leaves alone what a newer one wrote. */
const VERSION = 1;

const requestManifestSchema = z.object({
  version: z.literal(VERSION),
  request: z.object({
    kind: z.string(),
    requestId: z.uuid(),
    workKey: z.string().nullable(),
    modelDigest: z.string().nullable(),
    input: z.record(z.string(), z.unknown()),
    options: z.record(z.string(), z.unknown()),
    delivery: deliveryOptionsSchema,
    lane: z.enum(LANES),
    keyId: z.string().nullable(),
    fileName: z.string(),
    nowMs: z.int(),
    isPaid: z.boolean().optional(),
  }),
});

const batchManifestSchema = z.object({
  version: z.literal(VERSION),
  batch: z.object({
    id: z.uuid(),
    keyId: z.string().nullable(),
    items: z.array(batchItemSchema),
    delivery: deliveryOptionsSchema,
    nowMs: z.int(),
  }),
});

/** A batch that has been accepted, with what `Batches.begin` was told. */
export interface BatchManifest extends AcceptedBatch {
  id: string;
  keyId: string | null;
}

/** What a request is made anew from. Limits are not part of it: what was accepted stays accepted. */
export function manifestOf({ limits: _, trace: __, ...request }: AttachInput): string {
  return JSON.stringify({ version: VERSION, request });
}

export function batchManifestOf(batch: BatchManifest): string {
  return JSON.stringify({ version: VERSION, batch });
}

/** null: a newer build wrote it, or it is damaged. */
export function readManifest(text: string, catalog: Catalog): AttachInput | null {
  const parsed = requestManifestSchema.safeParse(jsonOrNull(text));
  if (!parsed.success) return null;
  const { request } = parsed.data;
  const definition = catalog.findRun(request.kind);
  if (definition === null) return null;
  const input = definition.input.schema.safeParse(request.input);
  const options = definition.options.strict().safeParse(request.options);
  if (!input.success || !options.success) return null;
  return { ...request, input: input.data, options: options.data } as AttachInput;
}

/** null: the same. */
export function readBatchManifest(text: string): BatchManifest | null {
  const parsed = batchManifestSchema.safeParse(jsonOrNull(text));
  return parsed.success ? parsed.data.batch : null;
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
