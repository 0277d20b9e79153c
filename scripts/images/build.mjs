#!/usr/bin/env node
/** What `npm start` does before it compiles the engine: the packages, and our TypeScript. For the images, as one step. */
import { buildPackages, installPackages } from '../setup/index.mjs';
import { endOnSetupError } from '../setup/terminal.mjs';

try {
  await installPackages();
  await buildPackages();
} catch (error) {
  endOnSetupError(error);
}
