import { hostname } from 'node:os';
import { ApiProblem, type CallOutput, type Client } from '@suanxiang/contract/client';
import { OperationFailed, UsageError } from '../exit-codes';
import type { Context } from '../session';
import { keepToken } from './credentials';

/** Added to the pause after the server said "slow_down" (RFC 8628, 3.5). */
const SLOWER_S = 5;

/** What of this machine's name is shown to whoever approves it. */
function clientName(): string {
  const name = hostname()
    .replace(/[^A-Za-z0-9._-]/g, '')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 63);
  return name || 'suan';
}

/**
 * `suan login`: a code and an address to approve it at; with --email, by password instead; with --api-key, with a key that
 * exists. What it got is stored in the config file (0600).
 */
export async function login(context: Context, options: { email?: string; apiKey?: string }): Promise<void> {
  const { io } = context;
  const { apiKey, email } = options;
  if (apiKey) return keepToken(context, apiKey === '-' ? (await io.readStdin()).trim() : apiKey);
  return email ? byPassword(context, email) : byDevice(context);
}

async function byPassword(context: Context, email: string): Promise<void> {
  const { io, say, env } = context;
  const question = say('askField', { field: env.locale === 'zh-CN' ? '密码' : 'password' });
  const password = io.interactive
    ? await io.ask(question, { hidden: true })
    : (await io.readStdin()).split(/\r?\n/)[0]!;
  const client = await context.client('public');
  await keepToken(context, await tokenOf(context, client, { email, password }));
}

/** Signs in, and asks for a code where the account has a second factor. */
async function tokenOf(context: Context, client: Client, body: { email: string; password: string }): Promise<string> {
  const { io, say } = context;
  try {
    return (await client.call('signIn', { body })).token;
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.problem.code !== 'second_factor_required') throw error;
    if (!io.interactive) throw new UsageError(say('needDeviceLogin'));
    const ticket = String((error.problem as { ticket?: unknown }).ticket);
    const code = (await io.ask(say('askCode'))).trim();
    const proof = /^\d{6}$/.test(code) ? { totp_code: code } : { recovery_code: code };
    return (await client.call('completeSignIn', { body: { ticket, ...proof } })).token;
  }
}

async function byDevice(context: Context): Promise<void> {
  const { io, say } = context;
  const client = await context.client('public');
  const started = await client.call('startDeviceSignIn', { body: { client_name: clientName() } });
  io.err(`${say('deviceCode', { code: started.user_code, url: started.verification_uri_complete })}\n`);
  const secret = await poll(context, client, started);
  await keepToken(context, secret);
}

/** Asks until somebody has decided, never more often than the server wants. Throws OperationFailed when time is up. */
async function poll({ io, say }: Context, client: Client, started: CallOutput<'startDeviceSignIn'>): Promise<string> {
  let pauseS = started.interval;
  const untilMs = io.elapsedMs() + started.expires_in * 1000;
  while (io.elapsedMs() < untilMs) {
    await io.sleep(pauseS * 1000);
    try {
      return (await client.call('pollDeviceSignIn', { body: { device_code: started.device_code } })).secret;
    } catch (error) {
      const code = error instanceof ApiProblem ? error.problem.code : null;
      if (code === 'slow_down') pauseS += SLOWER_S;
      else if (code !== 'authorization_pending') throw error;
    }
  }
  throw new OperationFailed(say('deviceExpired'));
}
