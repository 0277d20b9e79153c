import { type Speech, speeches } from '../speakers/speeches.ts';
import type { Renderer } from './rendered.ts';

/** The text and a line break; silence is nothing at all. Where speakers are known, a line for each turn of theirs. */
export const renderText: Renderer = (transcript) => {
  const { text, speakers } = transcript;
  if (text === '') return '';
  return speakers === undefined ? `${text}\n` : speeches(transcript).map(line).join('');
};

const line = ({ name, text }: Speech): string => `${name === null ? '' : `${name}: `}${text}\n`;
