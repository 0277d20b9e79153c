/** As whisper.cpp's list says it, rounded up: 75 MB, 142 MB, 1.5 GB. */
export function sizeText(bytes: number): string {
  const megabytes = bytes / 2 ** 20;
  return megabytes < 1000 ? `${Math.ceil(megabytes)} MB` : `${(Math.ceil((megabytes / 1024) * 10) / 10).toFixed(1)} GB`;
}
