#!/usr/bin/env node
/**
 * `pnpm test:k8s`: every check of k8s/, with the tools that `npm test` does without where they are not there yet: helm
 * (compiled by Go, minutes, once) and the schemas of custom resources. What needs a cluster is not run.
 */
import { customResources, helm, kubectl, schemas } from './k8s/tools.mjs';
import { runJest } from './setup/jest.mjs';
import { say } from './setup/terminal.mjs';

const tools = {
  helm: helm({ quick: false }),
  kubectl: kubectl(),
  schemas: schemas(),
  'schemas of custom resources': customResources({ quick: false }),
};
for (const [name, path] of Object.entries(tools)) say(`${name}: ${path ?? 'not to be had'}`);
if (Object.values(tools).includes(null)) process.exitCode = 1;
else process.exitCode = await runJest(['scripts/test/k8s'], { SOTTO_TEST_K8S: '1' });
