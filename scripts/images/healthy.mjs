/**
 * The health check of the images: `node healthy.mjs NAME DEFAULT` asks the server on this machine whose port the variable
 * NAME gives. Exit code 0: it is alive.
 */
const [name, byDefault] = process.argv.slice(2);
const url = `http://127.0.0.1:${process.env[name] || byDefault}/health/live`;
const isAlive = await fetch(url).then(
  ({ ok }) => ok,
  () => false,
);
process.exit(isAlive ? 0 : 1);
