import { toWireVerbose } from '../wire.ts';
import type { Renderer } from './rendered.ts';

export const renderVerboseJson: Renderer = (transcript) => JSON.stringify(toWireVerbose(transcript));
