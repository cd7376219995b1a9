import { LANGUAGES, loadConfig, OUTPUTS, type Profile, type ProfileChange, saveConfig } from '../config-file';
import { type Env, localeOf } from '../env';
import { EXIT, UsageError } from '../exit-codes';
import type { Io } from '../io';
import { fieldLabel } from '../labels';
import type { Say } from '../messages';
import { renderTable } from '../render/table';
import { profileNameOf } from '../settings';

/** What a profile may hold, as typed. An empty text takes a value out. */
export interface ProfileOptions {
  apiUrl?: string;
  apiKey?: string;
  orgId?: string;
  projectId?: string;
  language?: string;
  output?: string;
  json?: boolean;
}

interface Place {
  env: Env;
  io: Io;
  say: Say;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

function missing({ env, say }: Place, name: string): UsageError {
  return new UsageError(say('unknownProfile', { name, file: env.configFile }), EXIT.not_found);
}

/** `sx_sk_live_Ab…wxyz`: enough to know a key by, and no use to anybody else. */
function masked(token: string | undefined): string {
  if (!token) return '-';
  return token.startsWith('sx_sk_') ? `${token.slice(0, 14)}…` : 'session';
}

async function changeOf({ io, say }: Place, options: ProfileOptions): Promise<ProfileChange> {
  const change: ProfileChange = {};
  const set = <K extends keyof Profile>(field: K, text: string | undefined) => {
    if (text !== undefined) change[field] = text === '' ? undefined : (text as Profile[K]);
  };
  const oneOf = (flag: string, given: string | undefined, allowed: readonly string[]) => {
    if (given && !allowed.includes(given))
      throw new UsageError(say('notAllowed', { flag, given, values: allowed.join(', ') }));
  };
  const language = options.language ? localeOf(options.language) : options.language;
  oneOf('--language', language, LANGUAGES);
  oneOf('--output', options.output, OUTPUTS);
  if (options.apiUrl && !/^https?:\/\//.test(options.apiUrl))
    throw new UsageError(say('badUrl', { url: options.apiUrl }));
  for (const [flag, text, prefix] of [
    ['--org-id', options.orgId, 'org_'],
    ['--project-id', options.projectId, 'proj_'],
  ] as const)
    if (text && !text.startsWith(prefix)) throw new UsageError(say('wantsId', { flag, prefix, given: text }));
  set('api_url', options.apiUrl?.replace(/\/+$/, ''));
  set('token', options.apiKey === '-' ? (await io.readStdin()).trim() : options.apiKey);
  set('organization_id', options.orgId);
  set('project_id', options.projectId);
  set('language', language);
  set('output', options.output);
  return change;
}

/** `suan profile add NAME` and `suan profile set [NAME]`: a new profile, or changes of one that exists. */
export async function writeProfile(
  place: Place,
  named: string | undefined,
  options: ProfileOptions,
  isNew: boolean,
): Promise<void> {
  const { env, io, say } = place;
  const config = await loadConfig(env.configFile, say);
  const name = named ?? profileNameOf(null, env, config);
  if (!NAME.test(name)) throw new UsageError(say('badProfileName', { name }));
  const before = config.profiles[name];
  if (isNew && before) throw new UsageError(say('profileExists', { name }), EXIT.conflict);
  if (!isNew && !before) throw missing(place, name);
  const change = await changeOf(place, options);
  if (!isNew && Object.keys(change).length === 0) {
    const values = '--api-url, --api-key, --org-id, --project-id, --language, --output';
    throw new UsageError(say('nothingToChange', { values }));
  }
  const merged = Object.entries({ ...before, ...change }).filter(([, value]) => value !== undefined);
  const profiles = { ...config.profiles, [name]: Object.fromEntries(merged) as Profile };
  const current = config.profiles[config.current] ? config.current : name;
  await saveConfig(env.configFile, { current, profiles });
  io.err(`${say(isNew ? 'profileAdded' : 'profileChanged', { name })}\n`);
}

/** `suan profile use NAME`: the profile of commands that name none. */
export async function useProfile(place: Place, name: string): Promise<void> {
  const { env, io, say } = place;
  const config = await loadConfig(env.configFile, say);
  if (!config.profiles[name]) throw missing(place, name);
  await saveConfig(env.configFile, { ...config, current: name });
  io.err(`${say('profileUsed', { name })}\n`);
}

/** `suan profile rm NAME`: forgets its credentials here; keys go on to hold at the API until they are revoked. */
export async function removeProfile(place: Place, name: string): Promise<void> {
  const { env, io, say } = place;
  const config = await loadConfig(env.configFile, say);
  const { [name]: removed, ...profiles } = config.profiles;
  if (!removed) throw missing(place, name);
  const current = config.current === name ? (Object.keys(profiles).sort()[0] ?? 'default') : config.current;
  await saveConfig(env.configFile, { current, profiles });
  io.err(`${say('profileRemoved', { name })}\n`);
  if (config.current === name && profiles[current]) io.err(`${say('profileUsed', { name: current })}\n`);
}

/** `suan profile ls`: every profile without its secrets; `*` marks the one that counts now. */
export async function listProfiles({ env, io, say }: Place, json: boolean): Promise<void> {
  const config = await loadConfig(env.configFile, say);
  const active = profileNameOf(null, env, config);
  const items = Object.entries(config.profiles)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, profile]) => ({
      name,
      current: name === active,
      api_url: profile.api_url ?? null,
      credentials: profile.token ? masked(profile.token) : null,
      organization_id: profile.organization_id ?? null,
      project_id: profile.project_id ?? null,
      language: profile.language ?? null,
      output: profile.output ?? null,
    }));
  if (json) {
    io.out(`${JSON.stringify({ items }, null, 2)}\n`);
    return;
  }
  if (items.length === 0) {
    io.out(`${say('empty')}\n`);
    return;
  }
  const fields = ['name', 'api_url', 'credentials', 'organization_id', 'project_id', 'language', 'output'] as const;
  const columns = fields.map((field) => ({
    title: fieldLabel(field, env.locale).toLocaleUpperCase(env.locale),
    align: 'left' as const,
  }));
  const rows = items.map((item) => [item.current ? '*' : '', ...fields.map((field) => item[field] ?? '-')]);
  const first = { title: '', align: 'left' as const };
  io.out(renderTable([first, ...columns], rows, { limit: io.columns, color: env.color }));
}
