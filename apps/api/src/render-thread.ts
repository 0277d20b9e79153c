import { parentPort } from 'node:worker_threads';
import { RENDERERS } from './renderers.ts';
import type { RenderTask } from './results/render-threads.ts';
import { renderStored } from './results/renderer.ts';

/** Entry point of the render threads. Replies to each RenderTask with a RenderReply, whose bytes are moved, not copied. */
parentPort?.on('message', async ({ renderer, options, ...transcript }: RenderTask) => {
  try {
    const { body, facts } = await renderStored(transcript, RENDERERS[renderer], options as never);
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
    parentPort?.postMessage({ body: bytes, facts }, [bytes.buffer]);
  } catch (error) {
    parentPort?.postMessage({ error });
  }
});
