// A real OpenID Connect provider: node provider.mjs PORT REDIRECT_URI. Who signs in says their e-mail address.
import { createRequire } from "node:module";

const require = createRequire(new URL("../clients/", import.meta.url));
const { default: Provider } = await import(require.resolve("oidc-provider"));
const [, , port, redirectUri] = process.argv;

const provider = new Provider(`http://localhost:${port}`, {
  clients: [
    {
      client_id: "nous",
      client_secret: "a secret of the provider",
      redirect_uris: [redirectUri],
      grant_types: ["authorization_code"],
      response_types: ["code"],
    },
  ],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: id, email_verified: !id.startsWith("unverified"), name: id.split("@")[0] }),
  }),
});
provider.listen(Number(port), "127.0.0.1");
