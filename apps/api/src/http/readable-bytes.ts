/** `1GB`, `10.5MB`, `4000 bytes`. */
export function readableBytes(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  const step = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(bytes, 1)) / 10));
  const value = bytes / 1024 ** step;
  if (step === 0) return `${bytes} bytes`;
  return `${Number(value.toFixed(1))}${units[step]}`;
}
