/** Where Sotto runs as it is: Linux and macOS, with the Node that package.json asks for. */
import { workspace } from './root.mjs';
import { SetupError } from './terminal.mjs';

export function checkPlatform() {
  if (process.platform === 'win32') {
    throw new SetupError(
      'Sotto does not run on Windows itself. Use Docker (docker compose up), or WSL:\n' +
        '  wsl --install     then, inside it, clone Sotto again and run npm start there.',
    );
  }
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [wantedMajor, wantedMinor] = workspace.engines.node.match(/\d+/g).map(Number);
  if (major > wantedMajor || (major === wantedMajor && minor >= (wantedMinor ?? 0))) return;
  throw new SetupError(
    `Sotto needs Node ${workspace.engines.node}; this is ${process.versions.node}. Get a newer one from nodejs.org or with\n` +
      '  npx n lts   |   nvm install --lts   |   brew install node',
  );
}
