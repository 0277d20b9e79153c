import { type Handlers, Interruption, isSuspension, type JobContext } from '@sotto/queue';
import { inSpan, traceId } from '@sotto/runtime';

type AnyHandler = (payload: Record<string, unknown>, context: JobContext) => Promise<unknown>;

/** The handlers, each attempt of whose jobs is a span in the trace that is going on (`aroundJobs`). */
export function tracedHandlers(handlers: Handlers): Handlers {
  const traced = Object.entries(handlers as unknown as Record<string, AnyHandler>).map(([kind, handle]) => [
    kind,
    tracedHandler(kind, handle),
  ]);
  return Object.fromEntries(traced) as unknown as Handlers;
}

function tracedHandler(kind: string, handle: AnyHandler): AnyHandler {
  return async (payload, context) => {
    // Its request was not traced, or it has none, and so is nothing of it.
    if (traceId() === undefined) return handle(payload, context);
    const { jobId, attempt, lane } = context;
    const attributes = {
      'sotto.queue_job_id': jobId,
      'sotto.attempt': attempt,
      ...(lane !== null && { 'sotto.lane': lane }),
      ...(typeof payload.runId === 'string' && { 'sotto.run_id': payload.runId }),
      ...(typeof payload.index === 'number' && { 'sotto.window': payload.index }),
    };
    const outcome = await inSpan(kind, { attributes }, async () => {
      try {
        return { result: await handle(payload, context) };
      } catch (error) {
        // It waits for its children, or its run has ended: no failure.
        if (isSuspension(error) || error instanceof Interruption) return { left: error };
        throw error;
      }
    });
    if ('left' in outcome) throw outcome.left;
    return outcome.result;
  };
}
