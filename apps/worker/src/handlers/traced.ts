import { type Handlers, Interruption, isSuspension, type JobContext, type Traces } from '@sotto/queue';
import { inSpan } from '@sotto/runtime';

type AnyHandler = (payload: Record<string, unknown>, context: JobContext) => Promise<unknown>;

/** The handlers, each attempt of whose jobs is a span in the trace of its run. */
export function tracedHandlers(handlers: Handlers, traces: Traces): Handlers {
  const traced = Object.entries(handlers as unknown as Record<string, AnyHandler>).map(([kind, handle]) => [
    kind,
    kind === 'sweep' ? handle : tracedHandler(kind, handle, traces),
  ]);
  return Object.fromEntries(traced) as unknown as Handlers;
}

function tracedHandler(kind: string, handle: AnyHandler, traces: Traces): AnyHandler {
  return async (payload, context) => {
    const parent = await parentOf(payload, traces);
    // Without one, its request was not traced, and so is nothing of it.
    if (parent === null) return handle(payload, context);
    const { jobId, attempt, lane } = context;
    const attributes = {
      'sotto.queue_job_id': jobId,
      'sotto.attempt': attempt,
      ...(lane !== null && { 'sotto.lane': lane }),
      ...(typeof payload.runId === 'string' && { 'sotto.run_id': payload.runId }),
      ...(typeof payload.index === 'number' && { 'sotto.window': payload.index }),
    };
    const outcome = await inSpan(kind, { parent, attributes }, async () => {
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

/** Traces must not cost work: without Redis' answer there is none. */
function parentOf({ runId, subject }: Record<string, unknown>, traces: Traces): Promise<string | null> {
  const found =
    typeof runId === 'string'
      ? traces.ofRun(runId)
      : typeof subject === 'string'
        ? traces.ofRequest(subject)
        : Promise.resolve(null);
  return found.catch(() => null);
}
