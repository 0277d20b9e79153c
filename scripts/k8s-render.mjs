#!/usr/bin/env node
/** `pnpm k8s:render`: writes the manifests of k8s/overlays anew. Needs helm, or Go to compile it (minutes, once). */
import { writeFileSync } from 'node:fs';
import { environments, renderEnvironment } from './k8s/render.mjs';
import { helm } from './k8s/tools.mjs';
import { endOnSetupError, SetupError, say } from './setup/terminal.mjs';

try {
  const program = helm({ quick: false });
  if (program === null) throw new SetupError('There is no helm, and no Go to compile it with.');
  for (const environment of environments()) {
    writeFileSync(environment.file, renderEnvironment(program, environment));
    say(`k8s/overlays/${environment.name}/sotto.yaml`);
  }
} catch (error) {
  endOnSetupError(error);
}
