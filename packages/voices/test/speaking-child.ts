/** A process that has an engine speak: prints the id of the engine's process, and stays. */
import { openInstalled } from './installed-voices.ts';

const engine = await openInstalled('joe', process.argv[2] ?? '');
const never = new AbortController().signal;
await engine.speak({ text: 'Hello.', voice: 'joe', language: 'en-us', speed: 1 }, never);
process.stdout.write(`${engine.pid}\n`);
setInterval(() => {}, 60_000);
