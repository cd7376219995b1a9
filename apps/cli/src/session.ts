import { type Client, createClient } from '@suanxiang/contract/client';
import { retryingFetch } from '@suanxiang/contract/retry';
import type { RouteAuth } from '@suanxiang/contract/route';
import pkg from '../package.json' with { type: 'json' };
import { type ConfigFile, loadConfig, type Profile } from './config-file';
import type { Env } from './env';
import { NetworkError, UsageError } from './exit-codes';
import type { Io } from './io';
import type { Say } from './messages';

export const DEFAULT_API_URL = 'http://localhost:4000';
const API_KEY_PREFIX = 'sx_sk_';

/** Options that every command has. */
export interface GlobalOptions {
  json?: boolean;
  org?: string;
  profile?: string;
  apiUrl?: string;
  timeout?: string;
  retries?: string;
}

/** Everything a command works with. */
export interface Context {
  env: Env;
  io: Io;
  say: Say;
  options: GlobalOptions;
  config: ConfigFile;
  profileName: string;
  profile: Profile;
  apiUrl: string;
  send: typeof fetch;
  /** Client for routes of one kind of principal; throws UsageError when credentials are missing. */
  client(auth: RouteAuth): Promise<Client>;
  /** The organization to act in, null when none is chosen. */
  organizationId(): Promise<string | null>;
}

/** Whole number within bounds from an option. */
function wholeNumber(say: Say, flag: string, text: string | undefined, fallback: number, min: number, max: number) {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max)
    throw new UsageError(say('badNumber', { flag, min, max, given: text }));
  return value;
}

function validUrl(say: Say, url: string): string {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) throw new UsageError(say('badUrl', { url }));
  return url.replace(/\/+$/, '');
}

/**
 * Puts together environment, options and config file. A named --profile wins over SUANXIANG_API_KEY, which wins over the
 * current profile.
 */
export async function openContext(env: Env, io: Io, say: Say, options: GlobalOptions, send = fetch): Promise<Context> {
  const config = await loadConfig(env.configFile);
  const profileName = options.profile ?? config.current;
  const profile = config.profiles[profileName] ?? {};
  const apiUrl = validUrl(say, options.apiUrl ?? env.apiUrl ?? profile.api_url ?? DEFAULT_API_URL);
  const timeoutS = wholeNumber(say, '--timeout', options.timeout, 60, 1, 3600);
  const request = retryingFetch(send, {
    retries: wholeNumber(say, '--retries', options.retries, 3, 0, 20),
    timeoutMs: timeoutS * 1000,
    sleep: io.sleep,
    random: Math.random,
    timedOut: say('timedOut', { seconds: timeoutS }),
    failure: (url, reason) => new NetworkError(url, reason),
    onRetry: (reason, waitMs) => io.err(`${say('retrying', { reason, seconds: (waitMs / 1000).toFixed(1) })}\n`),
  });
  const tenantToken = (options.profile ? profile.token : (env.apiKey ?? profile.token)) ?? null;
  const clientWith = (token: string | null, organizationId: string | null) =>
    createClient({
      baseUrl: apiUrl,
      token: () => token,
      organizationId: () => organizationId,
      fetch: request,
      headers: { 'user-agent': `suan/${pkg.version}`, 'accept-language': env.locale },
    });

  let chosen: Promise<string | null> | null = null;
  const organizationId = () => {
    chosen ??= chooseOrganization(clientWith(tenantToken, null), options, profile, tenantToken, say);
    return chosen;
  };
  return {
    env,
    io,
    say,
    options,
    config,
    profileName,
    profile,
    apiUrl,
    send,
    organizationId,
    async client(auth) {
      if (auth === 'public') return clientWith(null, null);
      if (auth === 'operator') {
        if (!profile.operator_token) throw new UsageError(say('needOperator'));
        return clientWith(profile.operator_token, null);
      }
      if (!tenantToken) throw new UsageError(missingCredentials(say, options, env, config));
      return clientWith(tenantToken, auth === 'user' ? null : await organizationId());
    },
  };
}

function missingCredentials(say: Say, options: GlobalOptions, env: Env, config: ConfigFile): string {
  const { profile } = options;
  if (profile && !config.profiles[profile]) return say('unknownProfile', { name: profile, file: env.configFile });
  return say('needCredentials');
}

/** An API key knows its organization; a session names one: --org (id or short name), else the profile's. */
async function chooseOrganization(
  client: Client,
  options: GlobalOptions,
  profile: Profile,
  token: string | null,
  say: Say,
): Promise<string | null> {
  const wanted = options.org;
  if (wanted?.startsWith('org_')) return wanted;
  const isKey = token?.startsWith(API_KEY_PREFIX) ?? false;
  if (!wanted && profile.organization_id && !isKey) return profile.organization_id;
  if (!wanted && isKey) return null;
  const { organizations } = await client.call('getMe', {});
  if (!wanted) return organizations.length === 1 ? organizations[0]!.id : null;
  const found = organizations.find((candidate) => candidate.slug === wanted || candidate.name === wanted);
  if (found) return found.id;
  const names = organizations.map((candidate) => candidate.slug).join(', ') || '-';
  throw new UsageError(say('unknownOrganization', { name: wanted, names }));
}
