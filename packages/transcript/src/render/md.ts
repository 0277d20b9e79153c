import { documentOf } from './document.ts';
import type { Renderer } from './rendered.ts';

/** Markdown (https://spec.commonmark.org): paragraphs by pauses and length, each after the time it begins. */
export const renderMd: Renderer = (transcript, options) => {
  const { title, facts, paragraphs } = documentOf(transcript, options.title);
  const blocks = [
    ...(title === null ? [] : [`# ${escapeText(title)}`]),
    `*${facts.map(escapeText).join(' · ')}*`,
    ...paragraphs.map(({ time, speaker, text }) => `**${heading(time, speaker)}** ${escapeText(text)}`),
  ];
  return `${blocks.join('\n\n')}\n`;
};

const heading = (time: string, speaker: string | null): string =>
  speaker === null ? time : `${time} ${escapeText(speaker)}:`;

/** Everything that could begin a markup inside a line, also GitHub's strikethrough and mathematics. */
function escapeText(text: string): string {
  return text.replace(/[\\`*_[\]<#~&$]/g, '\\$&');
}
