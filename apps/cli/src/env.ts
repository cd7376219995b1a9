import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Locale } from '@suanxiang/domain/locale';

/** What the CLI takes from its environment. This is the only file of the CLI that reads process.env. */
export interface Env {
  apiKey: string | null;
  apiUrl: string | null;
  configFile: string;
  locale: Locale;
  color: boolean;
}

const filled = (text: string | undefined): string | null => (text ? text : null);

/**
 * Reads SUANXIANG_API_KEY, SUANXIANG_API_URL, XDG_CONFIG_HOME, LC_ALL, LC_MESSAGES, LANG and NO_COLOR.
 * `source` is process.env outside tests.
 */
export function readEnv(source: Record<string, string | undefined> = process.env, isTty = false): Env {
  const language = filled(source.LC_ALL) ?? filled(source.LC_MESSAGES) ?? filled(source.LANG) ?? '';
  const configHome = filled(source.XDG_CONFIG_HOME) ?? join(homedir(), '.config');
  return {
    apiKey: filled(source.SUANXIANG_API_KEY),
    apiUrl: filled(source.SUANXIANG_API_URL),
    configFile: join(configHome, 'suan', 'config.json'),
    locale: /^zh/i.test(language) ? 'zh-CN' : 'en',
    color: isTty && !filled(source.NO_COLOR) && source.TERM !== 'dumb',
  };
}
