import { type Client, createClient } from '@suanxiang/contract/client';
import { retryingFetch } from '@suanxiang/contract/retry';
import type { RouteAuth } from '@suanxiang/contract/route';
import pkg from '../package.json' with { type: 'json' };
import { type ConfigFile, isReadableByOthers, loadConfig, type Profile } from './config-file';
import type { Env } from './env';
import { EXIT, Interrupted, NetworkError, UsageError } from './exit-codes';
import type { Io } from './io';
import type { Say } from './messages';
import { profileNameOf, wantsJson } from './settings';

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
  /** Default of --project-id for workloads and the queue; null when there is none. */
  projectId: string | null;
  send: typeof fetch;
  /** Client for routes of one kind of principal; throws UsageError when credentials are missing. */
  client(auth: RouteAuth): Promise<Client>;
  /** The same without retries and without a time limit once an answer has begun, for streams; `headers` are added. */
  streamClient(headers: Record<string, string>): Promise<Client>;
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

/** Where requests go and with which credentials: see "Which value counts" in the guide of the command line. */
function resolve(env: Env, options: GlobalOptions, profile: Profile, say: Say) {
  const pick = <T>(fromEnv: T | null | undefined, fromProfile: T | null | undefined): T | null =>
    (options.profile ? (fromProfile ?? fromEnv) : (fromEnv ?? fromProfile)) ?? null;
  const apiUrl = validUrl(say, options.apiUrl ?? pick(env.apiUrl, profile.api_url) ?? DEFAULT_API_URL);
  const token = options.profile ? (profile.token ?? null) : (env.apiKey ?? profile.token ?? null);
  const project = pick(env.projectId, profile.project_id);
  const org = options.org ?? (options.profile ? undefined : (env.org ?? undefined));
  return { apiUrl, token, project, org, isProfiles: token !== null && token === profile.token };
}

/** fetch that Ctrl-C ends: it throws Interrupted then. */
function untilInterrupted(send: typeof fetch, interrupted: AbortSignal): typeof fetch {
  return async (input, init) => {
    const signal = init?.signal ? AbortSignal.any([init.signal, interrupted]) : interrupted;
    try {
      return await send(input, { ...init, signal });
    } catch (error) {
      if (interrupted.aborted) throw new Interrupted();
      throw error;
    }
  };
}

/** A profile's credentials go to the address that they are for, and to no other. */
function guardCredentials(apiUrl: string, profile: Profile, name: string, say: Say): void {
  if (!profile.api_url || profile.api_url === apiUrl) return;
  throw new UsageError(say('otherAddress', { name, of: profile.api_url, url: apiUrl }), EXIT.auth);
}

/**
 * Puts together options, environment and config file. What is typed wins; then comes a profile that is named by --profile,
 * then the environment, then the profile of SUAN_PROFILE or the current one.
 */
export async function openContext(env: Env, io: Io, say: Say, typed: GlobalOptions, send = fetch): Promise<Context> {
  const config = await loadConfig(env.configFile, say);
  const profileName = profileNameOf(typed.profile, env, config);
  const profile = config.profiles[profileName] ?? {};
  const found = resolve(env, typed, profile, say);
  const { apiUrl, token: tenantToken } = found;
  const options = {
    ...typed,
    json: wantsJson({ json: typed.json, named: typed.profile }, env, profile),
    ...(found.org ? { org: found.org } : {}),
  };
  if (profile.token && (await isReadableByOthers(env.configFile)))
    io.err(`${say('configReadable', { file: env.configFile })}\n`);
  const timeoutS = wholeNumber(say, '--timeout', options.timeout, 60, 1, 3600);
  const retrying = retryingFetch(send, {
    retries: wholeNumber(say, '--retries', options.retries, 3, 0, 20),
    timeoutMs: timeoutS * 1000,
    sleep: io.sleep,
    random: Math.random,
    timedOut: say('timedOut', { seconds: timeoutS }),
    failure: (url, reason) => new NetworkError(url, reason),
    onRetry: (reason, waitMs) => io.err(`${say('retrying', { reason, seconds: (waitMs / 1000).toFixed(1) })}\n`),
  });
  const request = untilInterrupted(retrying, io.interrupted);
  const headers = { 'user-agent': `suan/${pkg.version}`, 'accept-language': env.locale };
  const clientWith = (token: string | null, organizationId: string | null, how = request, more = {}) =>
    createClient({
      baseUrl: apiUrl,
      token: () => token,
      organizationId: () => organizationId,
      fetch: how,
      headers: { ...headers, ...more },
    });
  const tenant = (): string => {
    if (!tenantToken) throw new UsageError(missingCredentials(say, options, env, config), EXIT.auth);
    if (found.isProfiles) guardCredentials(apiUrl, profile, profileName, say);
    return tenantToken;
  };

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
    projectId: found.project,
    send,
    organizationId,
    async client(auth) {
      if (auth === 'public') return clientWith(null, null);
      if (auth === 'operator') {
        if (!profile.operator_token) throw new UsageError(say('needOperator'), EXIT.auth);
        guardCredentials(apiUrl, profile, profileName, say);
        return clientWith(profile.operator_token, null);
      }
      const token = tenant();
      return clientWith(token, auth === 'user' ? null : await organizationId());
    },
    async streamClient(more) {
      return clientWith(tenant(), await organizationId(), send, { accept: 'text/event-stream', ...more });
    },
  };
}

function missingCredentials(say: Say, options: GlobalOptions, env: Env, config: ConfigFile): string {
  const profile = options.profile ?? env.profile;
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
  throw new UsageError(say('unknownOrganization', { name: wanted, names }), EXIT.not_found);
}
