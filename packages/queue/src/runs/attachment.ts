import type { DeliveryOptions, JobRequest, Lane, Run, RunKind, RunOf } from '@sotto/contracts';

/** A request for work: the input and options of its kind, and what all kinds have in common. */
export type AttachInput = { [K in RunKind]: AttachInputOf<K> }[RunKind];

export interface AttachInputOf<K extends RunKind> extends AttachCommon {
  kind: K;
  input: RunOf<K>['upload'];
  options: RunOf<K>['options'];
}

interface AttachCommon {
  /** null: a new run in any case (`cache=false`). */
  workKey: string | null;
  /** SHA-256 of the model file: only a run with the same may be joined. null: not known yet, any run may. */
  modelDigest: string | null;
  requestId: string;
  delivery: DeliveryOptions;
  lane: Lane;
  keyId: string | null;
  fileName: string;
  /** Limits of the API key; absent: none. Joining a run costs nothing and is always allowed. */
  limits?: BacklogLimits;
  nowMs: number;
  /** Its audio was charged while it was heard: the run costs its key nothing, and no limit refuses it. */
  isPaid?: boolean;
  /** The trace of its request (W3C Trace Context), for a new run. Absent: none. */
  trace?: string;
}

/** How much unfinished work one key may have; null: no limit. */
export interface BacklogLimits {
  runs: number | null;
  /** In the unit of the kind. */
  cost: number | null;
  /** On disk, its open uploads included; a limit of the key's own comes first. Absent: no limit. */
  bytes?: number | null;
  /** The resumable upload that the run is made of: it is not counted beside the run. */
  uploadId?: string;
}

export interface Attached {
  run: Run;
  request: JobRequest;
  /** true: the run existed. `run.upload.blobKey` tells whether the blob of this upload is needed. */
  joined: boolean;
  /** Priority of the first job of a new run, whose key's turn has been taken. null: the run existed. */
  priority: number | null;
  /** true: the run was in the batch lane and is in the interactive one now. Producer.moveUp moves its jobs. */
  movedUp: boolean;
}

export interface RequestView {
  request: JobRequest;
  /** As this request sees it: cancelled if it has left, whatever became of the run. */
  run: Run;
  /** Place in the queue, 1 is next; null: it does not wait for its first turn. */
  position: number | null;
}
