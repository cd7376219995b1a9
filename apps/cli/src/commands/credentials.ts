import type { CallOutput } from '@suanxiang/contract/client';
import type { OperationId } from '@suanxiang/contract/routes';
import { changeProfile } from '../config-file';
import type { Flag } from '../flags';
import { fieldLabel } from '../labels';
import { type Context, openContext } from '../session';

/**
 * Asks for the required fields that were not typed; the password is not echoed. Without a terminal the password is the
 * first line of standard input.
 */
export async function completeCredentials(
  flags: Flag[],
  body: Record<string, unknown>,
  { io, say, env }: Context,
): Promise<void> {
  for (const flag of flags) {
    if (flag.place !== 'body' || !flag.required || body[flag.field] !== undefined) continue;
    const hidden = flag.field === 'password';
    const question = say('askField', { field: fieldLabel(flag.field, env.locale) });
    if (io.interactive) body[flag.field] = await io.ask(question, { hidden });
    else if (hidden) body[flag.field] = (await io.readStdin()).split(/\r?\n/)[0];
  }
}

/** Keeps what a sign-in, sign-up, sign-out or new organization means for the profile, and says it. */
export async function remember(context: Context, operationId: OperationId, answer: unknown): Promise<void> {
  const { io, say, env, profileName, apiUrl } = context;
  const save = (change: Parameters<typeof changeProfile>[2]) => changeProfile(env.configFile, profileName, change, say);
  if (operationId === 'signIn' || operationId === 'signUp') {
    await keepToken(context, (answer as CallOutput<'signIn'>).token);
  } else if (operationId === 'signOut') {
    await save({ token: undefined });
    io.err(`${say('signedOut')}\n`);
  } else if (operationId === 'operatorSignIn') {
    const session = answer as CallOutput<'operatorSignIn'>;
    await save({ api_url: apiUrl, operator_token: session.token });
    io.err(`${say('signedIn', { name: session.operator.email, url: apiUrl })}\n`);
  } else if (operationId === 'createOrganization' && context.profile.token) {
    const { organization } = answer as CallOutput<'createOrganization'>;
    await save({ organization_id: organization.id });
    io.err(`${say('actingIn', { name: organization.name, id: organization.id })}\n`);
  }
}

/** Stores a session token or API key in the profile and chooses its organization when there is no doubt. */
export async function keepToken(context: Context, token: string): Promise<void> {
  const { io, say, env, profileName, apiUrl } = context;
  const fresh = await openContext({ ...env, apiKey: token }, io, say, freshOptions(context), context.send);
  const client = await fresh.client('user');
  const me = await client.call('getMe', {});
  const wanted = context.options.org;
  const found = me.organizations.find((candidate) =>
    [candidate.id, candidate.slug, candidate.name].includes(wanted ?? ''),
  );
  const chosen = found ?? (me.organizations.length === 1 ? me.organizations[0] : undefined);
  const moved = context.profile.api_url !== undefined && context.profile.api_url !== apiUrl;
  const change = {
    api_url: apiUrl,
    token,
    organization_id: chosen?.id,
    ...(moved ? { operator_token: undefined } : {}),
  };
  await changeProfile(env.configFile, profileName, change, say);
  io.err(`${say('signedIn', { name: me.email ?? me.name, url: apiUrl })}\n`);
  if (chosen) io.err(`${say('actingIn', { name: chosen.name, id: chosen.id })}\n`);
  else if (me.organizations.length === 0) io.err(`${say('noOrganization')}\n`);
  else {
    const names = me.organizations.map((candidate) => candidate.slug).join(', ');
    io.err(`${say('chooseOrganization', { count: me.organizations.length, names })}\n`);
  }
}

function freshOptions(context: Context): Context['options'] {
  const { profile: _profile, org: _org, ...rest } = context.options;
  return { ...rest, apiUrl: context.apiUrl };
}
