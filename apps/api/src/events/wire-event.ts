import { ERROR_CATALOG, type RunEvent, toWireWords, type WireEvent } from '@sotto/contracts';

/** An event as clients see it. `result`: URL of the transcript. */
export function wireEvent(event: RunEvent, result: string): WireEvent {
  switch (event.type) {
    case 'text':
      return { type: 'text', start: event.startMs / 1000, end: event.endMs / 1000, text: event.text };
    case 'spoken':
      return { type: 'spoken', index: event.index, duration: event.durationMs / 1000, text: event.text };
    case 'words':
      return { type: 'words', index: event.index, words: toWireWords(event.words) };
    case 'completed':
      return { type: 'completed', result_url: result };
    case 'failed': {
      const { code, detail } = event.error;
      return { type: 'failed', error: code, message: ERROR_CATALOG[code].message, detail };
    }
    case 'progress':
    case 'cancelled':
      return event;
    case 'unknown':
      throw new Error('an event that no reader passes on');
  }
}
