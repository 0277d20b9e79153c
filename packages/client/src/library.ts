import type { z } from 'zod';
import {
  type EditRequest,
  type FeedbackForm,
  type FolderForm,
  type ItemChangesForm,
  librarySettingsSchema,
  type ResponseFormat,
  type WireEditedTranscript,
  type WireEditsMade,
  type WireFeedback,
  type WireFolder,
  type WireImport,
  type WireItem,
  type WireItemList,
  type WireJournalEntry,
  type WireLink,
  type WireSharedItem,
  wireEditedTranscriptSchema,
  wireEditsMadeSchema,
  wireFeedbackSchema,
  wireFolderListSchema,
  wireFolderSchema,
  wireImportSchema,
  wireItemListSchema,
  wireItemSchema,
  wireJournalSchema,
  wireLinkListSchema,
  wireNewLinkSchema,
  wireSharedItemSchema,
} from '#wire';
import type { ResultOptions } from './call-options.ts';
import { captionQuery } from './caption-shape.ts';
import type { Call, Http, Query } from './http.ts';
import { type ResultOf, readResult } from './results.ts';
import { upload } from './upload.ts';
import type { UploadProgress } from './upload-body.ts';
import { wordingQuery } from './wording-shape.ts';

export interface ItemListOptions extends Call {
  /** Words, "a phrase", `or`, `-without`. */
  q?: string;
  /** Items have all of them. */
  tags?: readonly string[];
  folder?: string;
  language?: string;
  status?: WireItem['status'];
  speaker?: string;
  from?: string;
  to?: string;
  sort?: 'created' | 'updated' | 'title' | 'duration';
  order?: 'asc' | 'desc';
  cursor?: string;
  limit?: number;
}

export interface ItemResultOptions extends ResultOptions {
  /** As it was heard, without edits. */
  original?: boolean;
}

export interface TranscriptOptions extends Call {
  /** As it was heard, without edits. */
  original?: boolean;
  /** Seconds: only segments that end after it. */
  from?: number;
  /** At most so many segments. */
  limit?: number;
}

export interface ImportOptions extends Call {
  onUploadProgress?: (progress: UploadProgress) => void;
}

export type NewLink = z.infer<typeof wireNewLinkSchema>;

/** What is kept: transcripts with their recordings. Methods reject as those of SottoClient do. */
export class Library {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** A page of items, newest first unless another order is asked for; `next_cursor` is null on the last one. */
  list({ signal, tags, ...query }: ItemListOptions = {}): Promise<WireItemList> {
    return this.#get('', wireItemListSchema, signal ? { signal } : {}, { ...query, tag: tags });
  }

  get(itemId: string, call: Call = {}): Promise<WireItem> {
    return this.#get(one(itemId), wireItemSchema, call);
  }

  change(itemId: string, changes: ItemChangesForm, call: Call = {}): Promise<WireItem> {
    return this.#send('PATCH', one(itemId), changes, wireItemSchema, call);
  }

  /** With its transcript, recording, edits and job, for good. */
  async delete(itemId: string, call: Call = {}): Promise<void> {
    await this.#delete(one(itemId), call);
  }

  /** The transcript in any format; captions in any shape. */
  async result<F extends ResponseFormat = 'json'>(
    itemId: string,
    format: F = 'json' as F,
    call: ItemResultOptions = {},
  ): Promise<ResultOf<F>> {
    return this.#result(this.#http.url(`/library${one(itemId)}/result`, resultQuery(format, call)), format, call);
  }

  /** The transcript as an editor needs it: with ids of segments, and with what is not part of the text. */
  transcript(itemId: string, { signal, ...query }: TranscriptOptions = {}): Promise<WireEditedTranscript> {
    const call = signal ? { signal } : {};
    return this.#get(`${one(itemId)}/transcript`, wireEditedTranscriptSchema, call, transcriptQuery(query));
  }

  /**
   * Makes edits, all or none; the same may be sent again. Rejects with `edit_conflict` (its `conflicts` have both versions of
   * each segment) where somebody else has edited the same since `base_revision`.
   */
  edit(itemId: string, request: EditRequest, call: Call = {}): Promise<WireEditsMade> {
    return this.#send('POST', `${one(itemId)}/edits`, request, wireEditsMadeSchema, call);
  }

  /** All edits that are newer than a revision, oldest first; those that were taken back too. */
  async edits(itemId: string, after = 0, call: Call = {}): Promise<WireJournalEntry[]> {
    const entries: WireJournalEntry[] = [];
    for (let revision = after; ; ) {
      const page = await this.#get(`${one(itemId)}/edits`, wireJournalSchema, call, { after: revision });
      entries.push(...page.edits);
      const last = page.edits.at(-1);
      if (last === undefined || last.revision >= page.revision) return entries;
      revision = last.revision;
    }
  }

  /** Address of the recording, for players; while keys are on it has to be asked for with one. */
  audioUrl(itemId: string): string {
    return this.#http.url(`/library${one(itemId)}/audio`);
  }

  async folders(call: Call = {}): Promise<WireFolder[]> {
    return (await this.#get('/folders', wireFolderListSchema, call)).folders;
  }

  createFolder(folder: FolderForm, call: Call = {}): Promise<WireFolder> {
    return this.#send('POST', '/folders', folder, wireFolderSchema, call);
  }

  changeFolder(folderId: string, changes: Partial<FolderForm>, call: Call = {}): Promise<WireFolder> {
    return this.#send('PATCH', `/folders${one(folderId)}`, changes, wireFolderSchema, call);
  }

  /** What is in it stays. */
  async deleteFolder(folderId: string, call: Call = {}): Promise<void> {
    await this.#delete(`/folders${one(folderId)}`, call);
  }

  /** A link by which anybody may read the item. @param days null: until it is revoked */
  share(itemId: string, days: number | null = 30, call: Call = {}): Promise<NewLink> {
    return this.#send('POST', `${one(itemId)}/links`, { days }, wireNewLinkSchema, call);
  }

  async links(itemId: string, call: Call = {}): Promise<WireLink[]> {
    return (await this.#get(`${one(itemId)}/links`, wireLinkListSchema, call)).links;
  }

  async revokeLink(itemId: string, linkId: string, call: Call = {}): Promise<void> {
    await this.#delete(`${one(itemId)}/links${one(linkId)}`, call);
  }

  /** What a link leads to; needs no key. */
  async shared(token: string, call: Call = {}): Promise<WireSharedItem> {
    const url = this.#http.url(`/shared${one(token)}`);
    return this.#http.json(url, await this.#http.request(url, {}, call), wireSharedItemSchema, call.signal);
  }

  async sharedResult<F extends ResponseFormat = 'json'>(
    token: string,
    format: F = 'json' as F,
    call: ItemResultOptions = {},
  ): Promise<ResultOf<F>> {
    return this.#result(this.#http.url(`/shared${one(token)}/result`, resultQuery(format, call)), format, call);
  }

  async sharedTranscript(token: string, { signal, ...query }: TranscriptOptions = {}): Promise<WireEditedTranscript> {
    const url = this.#http.url(`/shared${one(token)}/transcript`, transcriptQuery(query));
    const response = await this.#http.request(url, {}, signal ? { signal } : {});
    return this.#http.json(url, response, wireEditedTranscriptSchema, signal);
  }

  sharedAudioUrl(token: string): string {
    return this.#http.url(`/shared${one(token)}/audio`);
  }

  /** null: nothing was said yet. */
  async feedback(itemId: string, call: Call = {}): Promise<WireFeedback | null> {
    const url = this.#http.url(`/library${one(itemId)}/feedback`);
    const response = await this.#http.request(url, {}, call);
    return response.status === 204 ? null : this.#http.json(url, response, wireFeedbackSchema, call.signal);
  }

  giveFeedback(itemId: string, feedback: FeedbackForm, call: Call = {}): Promise<WireFeedback> {
    return this.#send('PUT', `${one(itemId)}/feedback`, feedback, wireFeedbackSchema, call);
  }

  async withdrawFeedback(itemId: string, call: Call = {}): Promise<void> {
    await this.#delete(`${one(itemId)}/feedback`, call);
  }

  /** All that is yours, as a ZIP archive. */
  async export(call: Call = {}): Promise<ReadableStream<Uint8Array>> {
    const url = this.#http.url('/library/export');
    const { body } = await this.#http.request(url, {}, call);
    return body ?? new ReadableStream({ start: (controller) => controller.close() });
  }

  /** Address of the same archive, for browsers that download it by themselves; while keys are on it needs a session. */
  exportUrl(): string {
    return this.#http.url('/library/export');
  }

  /** Adds an archive that `export` gave. What is there already is skipped. Only of a Blob its progress is told. */
  async import(archive: Blob | ReadableStream<Uint8Array>, call: ImportOptions = {}): Promise<WireImport> {
    const url = this.#http.url('/library/import');
    if (archive instanceof Blob) {
      const body = { contentType: 'application/zip', parts: [archive] };
      const { signal, onUploadProgress: onProgress } = call;
      const response = await upload(this.#http, url, { method: 'POST', body, onProgress, signal });
      return this.#http.json(url, response, wireImportSchema, signal);
    }
    const headers = this.#http.headers({ 'Content-Type': 'application/zip' });
    // Not in the type that browsers share with Node, which asks for it where a stream is sent.
    const init = { method: 'POST', headers, body: archive, duplex: 'half' } as RequestInit;
    return this.#http.json(url, await this.#http.request(url, init, call), wireImportSchema, call.signal);
  }

  /** Days for which new items are kept; null: until they are deleted. */
  async keepDays(call: Call = {}): Promise<number | null> {
    return (await this.#get('/settings', librarySettingsSchema, call)).keep_days;
  }

  async setKeepDays(days: number | null, call: Call = {}): Promise<void> {
    await this.#send('PUT', '/settings', { keep_days: days }, librarySettingsSchema, call);
  }

  async #get<S extends z.ZodType>(path: string, schema: S, call: Call, query: Query = {}): Promise<z.output<S>> {
    const url = this.#http.url(`/library${path}`, query);
    return this.#http.json(url, await this.#http.request(url, {}, call), schema, call.signal);
  }

  async #send<S extends z.ZodType>(
    method: string,
    path: string,
    body: object,
    schema: S,
    call: Call,
  ): Promise<z.output<S>> {
    const url = this.#http.url(`/library${path}`);
    const headers = this.#http.headers({ 'Content-Type': 'application/json' });
    const response = await this.#http.request(url, { method, headers, body: JSON.stringify(body) }, call);
    return this.#http.json(url, response, schema, call.signal);
  }

  async #delete(path: string, call: Call): Promise<void> {
    await this.#http.request(this.#http.url(`/library${path}`), { method: 'DELETE' }, call);
  }

  async #result<F extends ResponseFormat>(url: string, format: F, call: Call): Promise<ResultOf<F>> {
    return readResult(this.#http, url, await this.#http.request(url, {}, call), format, call.signal);
  }
}

const one = (id: string): string => `/${encodeURIComponent(id)}`;

const originalQuery = (original = false): Query => (original ? { original: 'true' } : {});

const transcriptQuery = ({ original, ...range }: Omit<TranscriptOptions, 'signal'>): Query => ({
  ...originalQuery(original),
  ...range,
});

function resultQuery(format: ResponseFormat, call: ItemResultOptions): Query {
  return {
    ...originalQuery(call.original),
    format,
    timestamp_granularity: call.timestampGranularity,
    ...captionQuery(call),
    ...wordingQuery(call),
    speaker_names: call.speakerNames && JSON.stringify(call.speakerNames),
  };
}
