import type { DeliveryOptions, JobRequest, Lane, Run, RunKind, RunOf } from '@sotto/contracts';

/** Work that came in: what its kind takes, and what is the same for all kinds. */
export type AttachInput = { [K in RunKind]: AttachInputOf<K> }[RunKind];

export interface AttachInputOf<K extends RunKind> extends AttachCommon {
  kind: K;
  input: RunOf<K>['upload'];
  options: RunOf<K>['options'];
}

interface AttachCommon {
  /** null: a run of its own (`cache=false`). */
  workKey: string | null;
  /** SHA-256 of the model's file: only the same one may be joined. null: no worker has told it yet, any may. */
  modelDigest: string | null;
  requestId: string;
  delivery: DeliveryOptions;
  lane: Lane;
  keyId: string | null;
  fileName: string;
  /** Of the API key; absent: none. Joining costs nothing and is always allowed. */
  limits?: BacklogLimits;
  nowMs: number;
}

/** What one key may have unfinished at a time; null: as much as it likes. */
export interface BacklogLimits {
  runs: number | null;
  /** In the unit of the kind. */
  cost: number | null;
}

export interface Attached {
  run: Run;
  request: JobRequest;
  /** true: the run existed. Whether this upload's blob is needed says `run.upload.blobKey`. */
  joined: boolean;
  /** Of a new run's first job: its key's turn was taken with it. null: it existed, and its job asks for one. */
  priority: number | null;
  /** true: it waited in the batch lane, and somebody waits for it now. Producer.moveUp takes its jobs along. */
  movedUp: boolean;
}

export interface RequestView {
  request: JobRequest;
  /** As this request sees it: cancelled when it left, whatever became of the run. */
  run: Run;
  /** In the queue, 1: next; null: it does not wait for its first turn. */
  position: number | null;
}
