import { z } from 'zod';
import { type Endpoint, endpoint } from '../../http/endpoint.ts';
import { localsOf } from '../../http/locals.ts';
import { ownVoiceParams } from '../../own-voices/params.ts';
import { type RemoveVoicesDeps, removeVoices } from '../../own-voices/remove.ts';
import { openAiErrors } from '../errors.ts';

const deletedSchema = z
  .object({ id: z.string(), deleted: z.literal(true), object: z.literal('audio.voice.deleted') })
  .meta({ id: 'OpenAiVoiceDeleted' });

export function deleteVoiceEndpoint(deps: RemoveVoicesDeps): Endpoint {
  return endpoint({
    method: 'delete',
    path: '/audio/voices/{id}',
    tag: 'openai',
    access: 'transcribe',
    errorShapes: [openAiErrors],
    params: ownVoiceParams,
    audit: 'voice.delete',
    summary: 'Delete a voice that was made of a sample (OpenAI)',
    description: 'As DELETE /voices/{id} does.',
    answers: { 200: { description: 'Deleted.', content: { 'application/json': deletedSchema } } },
    errors: ['voice_not_found'],
    handle: async ({ params: { id }, principal, response }) => {
      localsOf(response).metadata.auditTarget = id;
      if ((await removeVoices(principal.keyId, id, deps)) === 0) throw ownVoiceParams.notFound();
      response.json({ id, deleted: true, object: 'audio.voice.deleted' } satisfies z.infer<typeof deletedSchema>);
    },
  });
}
