// A real OpenID provider (oidc-provider, certified) for the tests: node oidc_provider.mjs PROVIDER CONFIG
// CONFIG is JSON: {port, host, back, left, alg}. Any login and password are let in.
// Keys are drawn at each start, so a restart is a rotation. Says "listening" when it does.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

const [, , providerFile, config] = process.argv;
const { port, host, back, left, alg } = JSON.parse(config);
console.warn = () => {};
const { default: Provider } = await import(providerFile);

const key = (kind, options, alg) => ({
  ...generateKeyPairSync(kind, options).privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig', alg,
});
const issuer = `http://${host}:${port}`;
const provider = new Provider(issuer, {
  clients: [{
    client_id: 'gridline', client_secret: 'a-secret-of-the-client', redirect_uris: [back],
    post_logout_redirect_uris: [left], id_token_signed_response_alg: alg,
  }],
  jwks: { keys: [key('rsa', { modulusLength: 2048 }, 'RS256'), key('ec', { namedCurve: 'P-256' }, 'ES256')] },
  cookies: { keys: [randomUUID()] },
  // The flow has no userinfo request: the claims stand in the ID token.
  conformIdTokenClaims: false,
  claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'] },
  pkce: { required: () => true },
  features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
  // "li" and "li:2" are two subjects of one name.
  findAccount: (_context, id) => {
    const name = id.split(':')[0];
    const claims = {
      sub: id, name: `${name} of the city`, preferred_username: name, email: `${name}@city.example`,
      email_verified: !name.startsWith('new'),
    };
    return { accountId: id, claims: () => claims };
  },
});
provider.on('server_error', (_context, error) => console.log(error));
createServer(provider.callback()).listen(port, '127.0.0.1', () => console.log('listening'));
