import { afterAll, beforeAll, describe } from '@jest/globals';
import { type PostgresServer, startPostgres } from '@sotto/testkit';
import { openLibrary } from '../src/index.ts';
import { libraryContract } from './contract.ts';

describe('the library in PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(async () => {
    await server.close();
  });

  libraryContract(async () => openLibrary(await server.createDatabase()));
});
