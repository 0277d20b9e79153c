import { z } from 'zod';

export const EVENT_STREAM = 'text/event-stream';

/**
 * One message of an event stream, which is what OpenAPI's `schema` of a stream describes: an object of texts
 * (WHATWG HTML, 9.2.6), in which `data` holds a JSON object.
 *
 * @param data schema of that object; it has an id, and stands under `components`.
 */
export function messageSchema(data: z.ZodType): z.ZodType {
  const contentSchema = { $ref: `#/components/schemas/${componentId(data)}` };
  return z.object({
    data: z.string().meta({ description: 'A JSON object.', contentMediaType: 'application/json', contentSchema }),
    event: z.string().optional().meta({ description: 'Type of the event, if the stream names its events.' }),
    id: z.string().optional().meta({ description: 'To be sent back as Last-Event-ID, if the stream can be resumed.' }),
    retry: z.int().optional().meta({ description: 'Milliseconds to wait before connecting again.' }),
  });
}

export function componentId(schema: z.ZodType): string {
  const id = schema.meta()?.id;
  if (id === undefined) throw new Error('A schema of the messages of an event stream needs an id.');
  return id;
}
