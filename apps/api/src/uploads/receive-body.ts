import { PassThrough, type Transform } from 'node:stream';
import { SottoError } from '@sotto/contracts';
import type { Request } from 'express';
import { ClientGone } from '../http/client-gone.ts';
import { watchIdle } from './idle-watch.ts';
import { type StagedFile, type StageOptions, stageFile, tooLarge } from './staged-file.ts';

export interface ReceiveBodyOptions extends StageOptions {
  /** No byte for this long: 408. */
  idleMs: number;
  /** What the bytes go through on their way; absent: they stay as they are. */
  through?: Transform;
}

/**
 * Reads a body that is the recording itself to storage, with the limits and checks of any upload.
 *
 * @throws SottoError `upload_timeout`, those of stageFile; ClientGone. Nothing is left in storage then.
 */
export async function receiveBody(request: Request, options: ReceiveBodyOptions): Promise<StagedFile> {
  const { maxFileBytes, idleMs, through = new PassThrough() } = options;
  if (Number(request.headers['content-length'] ?? 0) > maxFileBytes) throw tooLarge(maxFileBytes);
  const stopWatch = watchIdle(request, through, idleMs, () => {
    through.destroy(new SottoError('upload_timeout', `No data was received for ${idleMs / 1000} s.`));
  });
  const onClose = () => {
    if (!request.readableEnded) through.destroy(new ClientGone());
  };
  request.on('close', onClose);
  // Whoever reads it meets the error; it may come before anybody does.
  through.on('error', () => {});
  // Not as a pipeline, which would close the connection before a refusal is written.
  request.pipe(through);
  try {
    return await stageFile(through, options);
  } finally {
    stopWatch();
    request.off('close', onClose);
    request.unpipe(through);
    through.destroy();
  }
}
