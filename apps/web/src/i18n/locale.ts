/** How dates and numbers are written: as the browser's owner has it, if that is in the language of the page. */
export function localeFor(language: string): string {
  return navigator.languages.find((tag) => tag.startsWith(language)) ?? language;
}
