import { changeProfile } from '../config-file';
import { EXIT, UsageError } from '../exit-codes';
import type { Context } from '../session';

/** `suan use ORG`: stores the organization (id, short name or name) to act in. */
export async function useOrganization(context: Context, wanted: string): Promise<void> {
  const { io, say, env, profileName } = context;
  const client = await context.client('user');
  const { organizations } = await client.call('getMe', {});
  const found = organizations.find((candidate) => [candidate.id, candidate.slug, candidate.name].includes(wanted));
  if (!found) {
    const names = organizations.map((candidate) => candidate.slug).join(', ') || '-';
    throw new UsageError(say('unknownOrganization', { name: wanted, names }), EXIT.not_found);
  }
  await changeProfile(env.configFile, profileName, { organization_id: found.id }, say);
  io.err(`${say('actingIn', { name: found.name, id: found.id })}\n`);
}
