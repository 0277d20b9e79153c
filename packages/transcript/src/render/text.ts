import type { Renderer } from './rendered.ts';

/** The text and a line break; silence is nothing at all. */
export const renderText: Renderer = ({ text }) => (text === '' ? '' : `${text}\n`);
