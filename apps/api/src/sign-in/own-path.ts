/** Any origin: only whether a path leaves it counts. */
const HERE = 'http://here.invalid';
const MAX_LENGTH = 2_000;

/**
 * A path of this service to go to after signing in; anything else becomes `/`. What a browser takes for another host counts as
 * elsewhere: `//host`, `/\host`, and tabs or line breaks between, which browsers leave out.
 */
export function ownPath(text: string | undefined): string {
  if (text === undefined || text.length > MAX_LENGTH || !text.startsWith('/') || !URL.canParse(text, HERE)) return '/';
  const url = new URL(text, HERE);
  // `/.//host` is a path here and, written out, a host again.
  const isOwn = url.origin === HERE && !url.pathname.startsWith('//');
  return isOwn ? url.pathname + url.search + url.hash : '/';
}
