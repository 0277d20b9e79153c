import { diarize, joinPieces } from '@sotto/speakers';
import { answerTask } from '../on-thread.ts';
import type { ClusterTask } from './cluster.ts';

await answerTask(({ plan, pieces, hints, speech }: ClusterTask) => diarize(joinPieces(plan, pieces), hints, speech));
