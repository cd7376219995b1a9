import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { UsageError } from './exit-codes';

const profile = z.object({
  api_url: z.string().optional(),
  /** Session token or API key. */
  token: z.string().optional(),
  organization_id: z.string().optional(),
  operator_token: z.string().optional(),
});
const configFile = z.object({
  current: z.string().default('default'),
  profiles: z.record(z.string(), profile).default({}),
});

export type Profile = z.infer<typeof profile>;
export type ConfigFile = z.infer<typeof configFile>;

/** Reads the config file; a missing one is empty. Throws UsageError when it cannot be understood. */
export async function loadConfig(path: string): Promise<ConfigFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return configFile.parse({});
    throw new UsageError(`${path}: ${(error as Error).message}`);
  }
  try {
    return configFile.parse(JSON.parse(text));
  } catch {
    throw new UsageError(`${path} is not a config file of suan; move it away and run "suan login" again`);
  }
}

/** Writes the config file so that only its owner can read it (0600), never half. */
export async function saveConfig(path: string, config: ConfigFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const partial = `${path}.${process.pid}.tmp`;
  await writeFile(partial, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
  await chmod(partial, 0o600);
  await rename(partial, path);
}

/** Changes one profile and saves; keys set to undefined are removed. */
export async function changeProfile(
  path: string,
  name: string,
  change: { [K in keyof Profile]: Profile[K] | undefined },
) {
  const config = await loadConfig(path);
  const merged = { ...config.profiles[name], ...change };
  const kept = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined)) as Profile;
  await saveConfig(path, { current: name, profiles: { ...config.profiles, [name]: kept } });
}
