import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Locale } from '@suanxiang/domain/locale';

/** What the CLI takes from its environment. This is the only file of the CLI that reads process.env. */
export interface Env {
  apiKey: string | null;
  apiUrl: string | null;
  /** Name of a profile. */
  profile: string | null;
  /** Organization (id or short name) and project id that win over the profile's. */
  org: string | null;
  projectId: string | null;
  /** `json` or `table`, as typed; null when not set. */
  output: string | null;
  configFile: string;
  /** Folder of what may be lost: names for completion. */
  cacheDir: string;
  /** Host keys of instances that were seen. */
  knownHostsFile: string;
  /** SUAN_LANG as typed; null when not set. */
  language: string | null;
  /** Language of the terminal, for where neither option, SUAN_LANG nor profile say another. */
  locale: Locale;
  /** Standard output, and standard error, may carry colours. */
  color: boolean;
}

/** An environment in which nothing is set, for whoever reads the command tree without running it. */
export const EMPTY_ENV: Env = {
  apiKey: null,
  apiUrl: null,
  profile: null,
  org: null,
  projectId: null,
  output: null,
  language: null,
  configFile: '',
  cacheDir: '',
  knownHostsFile: '',
  locale: 'en',
  color: false,
};

const filled = (text: string | undefined): string | null => (text ? text : null);

/** Locale of what people type for a language: everything that begins with `zh` is Chinese. */
export function localeOf(language: string): Locale {
  return /^zh/i.test(language) ? 'zh-CN' : 'en';
}

/**
 * Reads SUAN_PROFILE, SUANXIANG_API_KEY, SUANXIANG_API_URL, SUAN_ORG, SUAN_PROJECT, SUAN_LANG, SUAN_OUTPUT, XDG_CONFIG_HOME,
 * XDG_CACHE_HOME, XDG_STATE_HOME, LC_ALL, LC_MESSAGES, LANG, NO_COLOR, FORCE_COLOR and TERM. `source` is process.env outside
 * tests.
 */
export function readEnv(source: Record<string, string | undefined> = process.env, isTty = false): Env {
  const language = filled(source.LC_ALL) ?? filled(source.LC_MESSAGES) ?? filled(source.LANG) ?? '';
  const folder = (name: string, ...rest: string[]) => filled(source[name]) ?? join(homedir(), ...rest);
  const forced = filled(source.FORCE_COLOR) !== null && source.FORCE_COLOR !== '0';
  return {
    apiKey: filled(source.SUANXIANG_API_KEY),
    apiUrl: filled(source.SUANXIANG_API_URL),
    profile: filled(source.SUAN_PROFILE),
    org: filled(source.SUAN_ORG),
    projectId: filled(source.SUAN_PROJECT),
    output: filled(source.SUAN_OUTPUT),
    configFile: join(folder('XDG_CONFIG_HOME', '.config'), 'suan', 'config.json'),
    cacheDir: join(folder('XDG_CACHE_HOME', '.cache'), 'suan'),
    knownHostsFile: join(folder('XDG_STATE_HOME', '.local', 'state'), 'suan', 'known_hosts'),
    language: filled(source.SUAN_LANG),
    locale: localeOf(language),
    color: (forced || (isTty && source.TERM !== 'dumb')) && !filled(source.NO_COLOR),
  };
}
