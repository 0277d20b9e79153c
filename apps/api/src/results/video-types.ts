/** What a dub is put into, with the extension of such a file. */
export const VIDEO_EXTENSIONS: Readonly<Record<string, string>> = {
  'video/mp4': 'mp4',
  'video/webm': 'webm',
  'video/x-matroska': 'mkv',
};

/** For the document of the API. */
export const videoContent = Object.fromEntries(Object.keys(VIDEO_EXTENSIONS).map((type) => [type, null]));
