import { toWireTranscript } from '../wire.ts';
import type { Renderer } from './rendered.ts';

export const renderJson: Renderer = (transcript, options) => JSON.stringify(toWireTranscript(transcript, options));
