import type { CallToolResult, ServerContext } from '@modelcontextprotocol/server';
import { ConnectionError, type SottoClient, SottoError, UnexpectedAnswerError } from '@sotto/client';
import { sentenceOf } from '../../connection/refusal.ts';
import type { SharedFolders } from './shared-folders.ts';

export interface ToolDeps {
  folders: SharedFolders;
  /** Of the service that is there now. */
  client(): Promise<SottoClient>;
}

/** What a tool answers: for people and models, and the same for programs. */
export interface Answer {
  text: string;
  data: Record<string, unknown>;
}

/** Does the work of a call; what goes wrong with it is an answer, too, which a model can act on. */
export async function answering(work: () => Promise<Answer>): Promise<CallToolResult> {
  try {
    const { text, data } = await work();
    return { content: [{ type: 'text', text }], structuredContent: data };
  } catch (error) {
    return { content: [{ type: 'text', text: messageOf(error) }], isError: true };
  }
}

function messageOf(error: unknown): string {
  if (error instanceof SottoError) return sentenceOf(error.code, error.detail);
  if (error instanceof ConnectionError || error instanceof UnexpectedAnswerError) {
    return `No Sotto answers: ${error.message}. It is started with "sotto up".`;
  }
  return error instanceof Error ? error.message : String(error);
}

/** Tells the client how far the work is, where it wants to know. */
export function progressOf({ mcpReq }: ServerContext): (percent: number, message: string) => void {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return () => {};
  return (progress, message) => {
    const params = { progressToken, progress, total: 100, message };
    // Who does not hear it any more has no use for it.
    void mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {});
  };
}
