import { UsageError } from '../exit-codes';
import type { Context } from '../session';
import { keepToken } from './credentials';

/** `suan login`: with e-mail and password, or with an API key; stores what it got in the config file (0600). */
export async function login(context: Context, options: { email?: string; apiKey?: string }): Promise<void> {
  const { io, say } = context;
  if (options.apiKey)
    return keepToken(context, options.apiKey === '-' ? (await io.readStdin()).trim() : options.apiKey);
  let email = options.email;
  if (!email) {
    if (!io.interactive) throw new UsageError(say('missing', { flag: '--email | --api-key' }));
    email = (await io.ask(say('askEmail'))).trim();
  }
  if (!email) return keepToken(context, (await io.ask(say('askApiKey'), { hidden: true })).trim());
  const password = io.interactive
    ? await io.ask(say('askField', { field: context.env.locale === 'zh-CN' ? '密码' : 'password' }), { hidden: true })
    : (await io.readStdin()).split(/\r?\n/)[0]!;
  const client = await context.client('public');
  const session = await client.call('signIn', { body: { email, password } });
  await keepToken(context, session.token);
}
