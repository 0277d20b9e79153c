/**
 * A real OpenID Connect provider on loopback: `node identity-provider.mjs PORT REDIRECT_URI SIGNED_OUT_URI`. Anybody signs in with
 * any password; anna is in the group of operators. Prints a line when it listens.
 */
import Provider from 'oidc-provider';

const [port, redirectUri = '', signedOutUri = ''] = process.argv.slice(2);
const GROUPS = { anna: ['staff', 'operators'] };
/** Who has been moved to other groups since: login -> groups, by GET /groups?login=&groups=. */
const moved = new Map();

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: 'sotto',
      client_secret: 'a secret of the client',
      redirect_uris: [redirectUri],
      post_logout_redirect_uris: [signedOutUri],
    },
  ],
  claims: { openid: ['sub'], profile: ['name'], email: ['email'], groups: ['groups'] },
  cookies: { keys: ['only for tests'] },
  findAccount: (_context, login) => ({
    accountId: login,
    claims: () => ({
      sub: login,
      name: `${login} of the tests`,
      email: `${login}@example.org`,
      groups: moved.get(login) ?? GROUPS[login] ?? ['staff'],
    }),
  }),
});
provider.use(async (context, next) => {
  if (context.path !== '/groups') return next();
  moved.set(context.query.login, String(context.query.groups).split(','));
  context.body = 'moved';
});
provider.listen(Number(port), '127.0.0.1', () => console.log('listening'));
