import { jest } from '@jest/globals';
import { AzureServer, azureSoftware, describeWith, S3Server, s3Software } from '@sotto/testkit';
import { objectStorageContract } from './support/object-storage.ts';

jest.setTimeout(120_000);

describeWith(await s3Software(), 'recordings kept in S3', (software) =>
  objectStorageContract('s3', async () => {
    const server = await S3Server.start(software);
    const bucket = await server.createBucket();
    return {
      env: { ...server.environment(bucket), S3_PREFIX: 'sotto' },
      content: () => server.contentOf(bucket),
      close: () => server.close(),
    };
  }),
);

describeWith(await azureSoftware(), 'recordings kept in Azure', (program) =>
  objectStorageContract('azure', async () => {
    const server = await AzureServer.start(program);
    const container = await server.createContainer();
    return {
      env: { ...server.environment(container), AZURE_PREFIX: 'sotto' },
      content: () => server.contentOf(container),
      close: () => server.close(),
    };
  }),
);
