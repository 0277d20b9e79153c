import { parentPort, workerData } from 'node:worker_threads';
import { diarize, joinPieces } from '@sotto/speakers';
import type { ClusterTask } from './cluster.ts';

const { plan, pieces, hints, speech } = workerData as ClusterTask;
parentPort?.postMessage(diarize(joinPieces(plan, pieces), hints, speech));
