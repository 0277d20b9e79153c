import { parentPort, workerData } from 'node:worker_threads';
import { diarize, joinPieces } from '@sotto/speakers';
import type { ClusterTask } from './cluster.ts';

const { plan, pieces, hints, withoutPauses } = workerData as ClusterTask;
const speech = pieces.flatMap((piece) =>
  piece.speech.map(({ startMs, endMs }) => ({ start: startMs / 1000, end: endMs / 1000 })),
);
parentPort?.postMessage(diarize(joinPieces(plan, pieces), hints, withoutPauses ? speech : null));
