import { randomUUID } from 'node:crypto';
import { open } from 'node:fs/promises';
import express from 'express';
import multer from 'multer';

/**
 * What acceptance is measured beside: Express and multer's own disk storage, one fsync, 202. No checks, no hash, no
 * queue. Run as a process of its own: `bare-server.ts FOLDER PORT`.
 */
const [folder, port] = process.argv.slice(2);
if (folder === undefined || port === undefined) throw new Error('usage: bare-server.ts FOLDER PORT');

const upload = multer({ dest: folder });
const app = express();

app.post('/transcribe', upload.single('file'), async (request, response) => {
  const file = await open(request.file?.path ?? '', 'r+');
  await file.sync();
  await file.close();
  response.status(202).json({ job_id: randomUUID(), status: 'processing' });
});
app.get('/status/:id', (request, response) => {
  response.json({ job_id: request.params.id, status: 'processing' });
});

app.listen(Number(port), '127.0.0.1', () => process.stdout.write('ready\n'));
