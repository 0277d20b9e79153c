import {
  wireLiveCommandSchema,
  wireLiveEventSchema,
  wireLiveResumeSchema,
  wireLiveStartSchema,
  wireLiveUpdateSchema,
} from '@sotto/contracts';
import { z } from 'zod';

/** What a client may send, in text messages. */
const SENT = {
  start: wireLiveStartSchema,
  resume: wireLiveResumeSchema,
  update: wireLiveUpdateSchema,
  command: wireLiveCommandSchema,
};

/** The AsyncAPI 3.0 document of `WS /live`: made from the schemas by which messages are parsed. */
export function asyncApiDocument(version: string): object {
  const sent = Object.entries(SENT).map(([name, schema]) => [name, messageOf(schema)] as const);
  const messages = {
    ...Object.fromEntries(sent),
    audio: {
      contentType: 'application/octet-stream',
      summary: 'Samples in the format of `start`, in a binary message.',
    },
    event: messageOf(wireLiveEventSchema),
  };
  const reference = (name: string) => ({ $ref: `#/channels/live/messages/${name}` });
  return {
    asyncapi: '3.0.0',
    info: { title: 'Sotto', version, description: 'Text while somebody speaks; docs/live.md says how to use it.' },
    channels: { live: { address: '/live', messages } },
    operations: {
      receiveFromClient: {
        action: 'receive',
        channel: { $ref: '#/channels/live' },
        messages: [...Object.keys(SENT), 'audio'].map(reference),
      },
      sendToClient: { action: 'send', channel: { $ref: '#/channels/live' }, messages: [reference('event')] },
    },
  };
}

function messageOf(schema: z.ZodType): object {
  const { $schema: _, ...payload } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return { contentType: 'application/json', payload };
}
