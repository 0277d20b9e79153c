import { wireUsageReportSchema, wireVoiceUsageSchema } from '@sotto/contracts';
import { type AdminOptions, ask, reach } from '../../connection/admin.ts';
import { CommandError, EXIT, type ExitCode } from '../../exit-codes.ts';
import { note, result, table } from '../../terminal/output.ts';

export interface UsageOptions extends AdminOptions {
  from?: string;
  to?: string;
  csv?: boolean;
  byVoice?: boolean;
}

/** What keys used, a line for each key and day, and the sum. */
export async function showUsage(options: UsageOptions): Promise<ExitCode> {
  const query = new URLSearchParams({
    ...(options.from && { from: options.from }),
    ...(options.to && { to: options.to }),
  });
  if (options.byVoice) return showVoices(options, query);
  if (options.csv) {
    query.set('format', 'csv');
    process.stdout.write(await (await reach(options, 'GET', `/admin/usage?${query}`)).text());
    return EXIT.ok;
  }
  const { days, total, currency, from, to } = await ask(wireUsageReportSchema, options, 'GET', `/usage?${query}`);
  if (days.length === 0) {
    note(`Nothing was used between ${from} and ${to}.`);
    return EXIT.ok;
  }
  const rows = [...days, { day: 'all', name: '', key_id: null, ...total }].map((day) => [
    day.day,
    day.name ?? '(no key)',
    String(day.requests),
    (day.audio_seconds / 60).toFixed(1),
    String(day.characters ?? 0),
    day.processing_seconds.toFixed(1),
    day.cost.toFixed(2),
  ]);
  result(table([['DAY', 'KEY', 'REQUESTS', 'AUDIO MIN', 'CHARACTERS', 'ENGINE S', `COST ${currency}`], ...rows]));
  return EXIT.ok;
}

/** What voices have spoken for all keys, a line for each voice and day, and the sums. */
async function showVoices(options: UsageOptions, query: URLSearchParams): Promise<ExitCode> {
  if (options.csv) throw new CommandError('--csv cannot be combined with --by-voice.', EXIT.usage);
  const { days, voices, from, to } = await ask(wireVoiceUsageSchema, options, 'GET', `/usage/voices?${query}`);
  if (days.length === 0) {
    note(`Nothing was spoken between ${from} and ${to}.`);
    return EXIT.ok;
  }
  const sums = voices.map((voice) => ({ day: 'all', ...voice }));
  const rows = [...days, ...sums].map(({ day, voice, jobs, characters, seconds }) => {
    return [day, voice, String(jobs), String(characters), (seconds / 60).toFixed(1)];
  });
  result(table([['DAY', 'VOICE', 'TEXTS', 'CHARACTERS', 'SPEECH MIN'], ...rows]));
  return EXIT.ok;
}
