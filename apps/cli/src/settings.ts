import type { Locale } from '@suanxiang/domain/locale';
import { type ConfigFile, loadConfig, type Profile } from './config-file';
import { type Env, localeOf } from './env';
import { speak } from './messages';

/** Value of a long option before the command line is parsed; null when it does not stand there. */
function typedOption(argv: readonly string[], name: string): string | null {
  const end = argv.indexOf('--');
  const words = end === -1 ? argv : argv.slice(0, end);
  const at = words.findIndex((word) => word === name || word.startsWith(`${name}=`));
  if (at === -1) return null;
  const word = words[at]!;
  return word === name ? (words[at + 1] ?? '') : word.slice(name.length + 1);
}

/** The profile that is meant: --profile, else SUAN_PROFILE, else the current one. */
export function profileNameOf(option: string | null | undefined, env: Env, config: ConfigFile): string {
  return option ?? env.profile ?? config.current;
}

/**
 * Language and output of a command line, which help and errors need before it is parsed: option, environment, profile,
 * then the terminal's. A config file that cannot be read counts as empty here and is complained about when it is used.
 */
export async function settingsOf(argv: readonly string[], env: Env): Promise<{ locale: Locale; json: boolean }> {
  const config = await loadConfig(env.configFile, speak('en')).catch((): ConfigFile => ({ current: '', profiles: {} }));
  const named = typedOption(argv, '--profile');
  const profile: Profile = config.profiles[profileNameOf(named, env, config)] ?? {};
  const fromEnv = named === null;
  const language =
    typedOption(argv, '--lang') ?? (fromEnv ? (env.language ?? profile.language) : (profile.language ?? env.language));
  return {
    locale: language ? localeOf(language) : env.locale,
    json: wantsJson({ json: argv.includes('--json') || undefined, named }, env, profile),
  };
}

/** True for JSON: --json, else the environment, else the profile; a profile that is named goes before the environment. */
export function wantsJson(
  options: { json?: boolean | undefined; named?: string | null | undefined },
  env: Env,
  profile: Profile,
): boolean {
  if (options.json !== undefined) return options.json;
  const output = options.named ? (profile.output ?? env.output) : (env.output ?? profile.output);
  return output === 'json';
}
