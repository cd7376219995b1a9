import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BaseConfig } from '@suanxiang/platform/config';
import type { Credentials } from './seed';

function fileOf(config: BaseConfig): string {
  return path.join(config.dataDir, 'ready.json');
}

/** Removes the mark of readiness: before a start, and at the beginning of a stop. */
export function clearReady(config: BaseConfig): void {
  rmSync(fileOf(config), { force: true });
}

/** Writes `.data/ready.json`: the addresses and sign-in data, for scripts and tests. Its presence means ready. */
export function writeReady(config: BaseConfig, credentials: Credentials): void {
  const ready = {
    web: config.webUrl,
    api: config.apiUrl,
    operator: `${config.webUrl}/operator`,
    users: credentials.users,
    apiKeys: credentials.apiKeys,
  };
  writeFileSync(fileOf(config), `${JSON.stringify(ready, null, 2)}\n`, { mode: 0o600 });
}

/** The closing text of a start. */
export function readySummary(config: BaseConfig, credentials: Credentials, web: boolean): string {
  const lines = [
    '',
    '  Suanxiang Cloud (算想云) is running.',
    '',
    ...(web ? [`  Console   ${config.webUrl}`, `  Operator  ${config.webUrl}/operator`] : []),
    ...(web ? [`  Mail      ${config.webUrl}/operator/mails`] : []),
    `  API       ${config.apiUrl}`,
    '',
    ...credentials.users.map((u) => `  Sign in   ${u.email.padEnd(34)} ${u.password.padEnd(26)} ${u.role}, ${u.org}`),
    ...credentials.apiKeys.map((k) => `  API key   ${k.key}  ${k.org}`),
    '',
    `  Logs in ${path.join(config.dataDir, 'logs')}; the same data as JSON in ${fileOf(config)}`,
    '  Ctrl-C stops everything and keeps the data.',
    '',
  ];
  return lines.join('\n');
}
