import { chmod, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { UsageError } from './exit-codes';
import type { Say } from './messages';

export const LANGUAGES = ['en', 'zh-CN'] as const;
export const OUTPUTS = ['table', 'json'] as const;

const profile = z.object({
  api_url: z.string().optional(),
  /** Session token or API key. */
  token: z.string().optional(),
  organization_id: z.string().optional(),
  /** Default of --project-id for workloads and the queue. */
  project_id: z.string().optional(),
  language: z.enum(LANGUAGES).optional(),
  output: z.enum(OUTPUTS).optional(),
  operator_token: z.string().optional(),
});
const configFile = z.object({
  current: z.string().default('default'),
  profiles: z.record(z.string(), profile).default({}),
});

export type Profile = z.infer<typeof profile>;
export type ConfigFile = z.infer<typeof configFile>;

/**
 * Reads the config file; a missing one is empty. Throws UsageError, which names the place, when it cannot be understood.
 */
export async function loadConfig(path: string, say: Say): Promise<ConfigFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return configFile.parse({});
    throw new UsageError(say('cannotRead', { file: path, reason: (error as Error).message }));
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsageError(say('configNotJson', { file: path }));
  }
  const result = configFile.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  throw new UsageError(say('configWrong', { file: path, place: issue.path.join('.') || '-', detail: issue.message }));
}

/** True when others than its owner may read the file, which holds credentials. */
export async function isReadableByOthers(path: string): Promise<boolean> {
  if (process.platform === 'win32') return false;
  const found = await stat(path).catch(() => null);
  return found !== null && (found.mode & 0o077) !== 0;
}

/** Writes the config file so that only its owner can read it (0600), never half. */
export async function saveConfig(path: string, config: ConfigFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const partial = `${path}.${process.pid}.tmp`;
  await writeFile(partial, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
  await chmod(partial, 0o600);
  await rename(partial, path);
}

export type ProfileChange = { [K in keyof Profile]: Profile[K] | undefined };

/** Changes one profile and saves; keys set to undefined are removed. The first profile of a file is the current one. */
export async function changeProfile(path: string, name: string, change: ProfileChange, say: Say): Promise<void> {
  const config = await loadConfig(path, say);
  const merged = { ...config.profiles[name], ...change };
  const kept = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined)) as Profile;
  const profiles = { ...config.profiles, [name]: kept };
  await saveConfig(path, { current: config.profiles[config.current] ? config.current : name, profiles });
}
