import { accessSync, constants, existsSync, mkdirSync, statfsSync } from 'node:fs';
import path from 'node:path';
import type { BaseConfig } from '@suanxiang/platform/config';
import { findOnPath } from '../lib/redis-binary';
import { isPortFree, portHolder } from './ports';

export interface Finding {
  readonly name: string;
  /** 'warn' hinders only a part, such as the browser tests. */
  readonly level: 'ok' | 'warn' | 'fail';
  /** What is so. */
  readonly detail: string;
  /** What to do; present unless ok. */
  readonly fix?: string;
}

const neededBytes = 2e9;

/** Free space where the data lives. */
export function checkDisk(config: BaseConfig): Finding {
  let dir = config.dataDir;
  while (!existsSync(dir)) dir = path.dirname(dir);
  const { bavail, bsize } = statfsSync(dir);
  const free = bavail * bsize;
  const detail = `${(free / 1e9).toFixed(1)} GB free at ${dir}`;
  if (free >= neededBytes) return { name: 'disk', level: 'ok', detail };
  return {
    name: 'disk',
    level: 'fail',
    detail,
    fix: 'Free at least 2 GB, or set DATA_DIR to a folder on another disk.',
  };
}

/** The data folder can be made and written. */
export function checkWritable(config: BaseConfig): Finding {
  try {
    mkdirSync(config.dataDir, { recursive: true });
    accessSync(config.dataDir, constants.W_OK | constants.X_OK);
    return { name: 'data folder', level: 'ok', detail: `${config.dataDir} is writable` };
  } catch (error) {
    return {
      name: 'data folder',
      level: 'fail',
      detail: `${config.dataDir} cannot be written (${(error as NodeJS.ErrnoException).code})`,
      fix: 'Change its owner, or set DATA_DIR to a folder of yours.',
    };
  }
}

/** Ports that this start will listen on, by name. */
export function neededPorts(config: BaseConfig, web: boolean): [string, number][] {
  const { ports } = config;
  const own: [string, number][] = [
    ['API', ports.api],
    ['fleet', ports.fleet],
    ['worker health', ports.workerPrivate],
    ['API health', ports.apiPrivate],
  ];
  if (web) own.push(['console', ports.web]);
  if (!config.givenDatabaseUrl) own.push(['PostgreSQL', ports.postgres]);
  if (!config.givenRedisUrl) own.push(['Redis', ports.redis]);
  return own;
}

/** Every port is free; else one finding for each that is taken, saying by whom. */
export async function checkPorts(config: BaseConfig, web: boolean): Promise<Finding[]> {
  const needed = neededPorts(config, web);
  const taken: Finding[] = [];
  for (const [name, port] of needed) {
    if (await isPortFree(port)) continue;
    taken.push({
      name: 'ports',
      level: 'fail',
      detail: `Port ${port} (${name}) is taken by ${portHolder(port)}`,
      fix: 'Stop that program, or use other ports: npm run up -- --port-offset 1000',
    });
  }
  if (taken.length > 0) return taken;
  return [{ name: 'ports', level: 'ok', detail: needed.map(([, port]) => port).join(', ') }];
}

/** What else speaks on a port so often that browsers (and fetch) refuse to open it: https://fetch.spec.whatwg.org/#port-blocking. */
const blockedPorts: Readonly<Record<number, string>> = {
  1719: 'h323gatestat',
  1720: 'h323hostcall',
  1723: 'pptp',
  2049: 'nfs',
  3659: 'apple-sasl',
  4045: 'npp',
  4190: 'sieve',
  5060: 'sip',
  5061: 'sips',
  6000: 'x11',
  6566: 'sane-port',
  6665: 'ircu',
  6666: 'ircu',
  6667: 'ircu',
  6668: 'ircu',
  6669: 'ircu',
  6679: 'osaut',
  6697: 'ircs-u',
  10080: 'amanda',
};

/** No port that is spoken to over HTTP is one that browsers refuse; else one finding for each. */
export function checkBlockedPorts(config: BaseConfig, web: boolean): Finding[] {
  return neededPorts(config, web)
    .filter(([name]) => name !== 'PostgreSQL' && name !== 'Redis')
    .flatMap(([name, port]) => {
      const reserved = port < 1024 ? 'a system service' : blockedPorts[port];
      if (!reserved) return [];
      return {
        name: 'ports',
        level: 'fail' as const,
        detail: `Port ${port} (${name}) cannot be used: browsers refuse to open it, as it is reserved for ${reserved}`,
        fix: 'Choose other ports: npm run up -- --port-offset 1000',
      };
    });
}

/** Programs that running as root needs to start PostgreSQL as somebody else. */
export function checkRootTools(): Finding[] {
  if (process.getuid?.() !== 0) return [];
  const missing = ['id', 'setpriv'].filter((tool) => !findOnPath([tool]));
  if (missing.length === 0)
    return [{ name: 'root', level: 'ok', detail: 'PostgreSQL will run as the user "postgres"' }];
  return [
    {
      name: 'root',
      level: 'warn',
      detail: `running as root without ${missing.join(', ')}`,
      fix: 'Run as an ordinary user, or install util-linux and coreutils.',
    },
  ];
}
