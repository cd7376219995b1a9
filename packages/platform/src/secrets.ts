import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ConfigError } from './config-error';

/** Database roles that log in; packages/db's first migration creates them without a password. */
export const dbRoles = ['app_api', 'app_worker', 'app_auth', 'app_ops', 'app_agent'] as const;
export type DbRole = (typeof dbRoles)[number];

/** Everything that must never be printed, each from 32 random bytes (base64url). */
export interface Secrets {
  /** Signs session cookies. */
  readonly sessionSecret: string;
  /** HMAC key over API keys; losing it kills every key. */
  readonly apiKeyPepper: string;
  /** HMAC key over pagination cursors. */
  readonly cursorKey: string;
  /** Encrypts secrets at rest (TOTP seeds, webhook signing secrets). */
  readonly dataKey: string;
  /** What the provisioner shows to the simulated fleet. */
  readonly fleetToken: string;
  /** Seed of the key that signs calls to node agents (Ed25519). */
  readonly controlKey: string;
  /** Superuser of the embedded PostgreSQL. */
  readonly postgresPassword: string;
  /** The embedded Redis. */
  readonly redisPassword: string;
  readonly dbPasswords: Readonly<Record<DbRole, string>>;
}

const names = [
  'sessionSecret',
  'apiKeyPepper',
  'cursorKey',
  'dataKey',
  'fleetToken',
  'controlKey',
  'postgresPassword',
  'redisPassword',
] as const;

const minLength = 32;

function freshSecret(): string {
  return randomBytes(32).toString('base64url');
}

function readRecord(file: string): Record<string, unknown> {
  const text = readFileSync(file, 'utf8');
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Reported below with the file's name.
  }
  throw new ConfigError(`${file} is not a JSON object. Restore it from a backup; API keys depend on it.`);
}

/** Makes a new, complete set. Tests use it; the launcher writes one to disk with ensureSecrets. */
export function createSecrets(): Secrets {
  return complete({});
}

function complete(known: Record<string, unknown>): Secrets {
  const passwords = (known.dbPasswords ?? {}) as Record<string, unknown>;
  return {
    ...(Object.fromEntries(names.map((name) => [name, known[name] ?? freshSecret()])) as unknown as Secrets),
    dbPasswords: Object.fromEntries(
      dbRoles.map((role) => [role, passwords[role] ?? freshSecret()]),
    ) as Secrets['dbPasswords'],
  };
}

/**
 * Creates the secrets file with mode 600, or adds to an existing one what a newer version needs. Existing values are
 * never changed. Returns the secrets.
 */
export function ensureSecrets(file: string): Secrets {
  const known = existsSync(file) ? readRecord(file) : {};
  const secrets = complete(known);
  const text = `${JSON.stringify({ ...known, ...secrets }, null, 2)}\n`;
  mkdirSync(path.dirname(file), { recursive: true });
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
    // Written aside and renamed, so that a full disk cannot leave half a file.
    writeFileSync(`${file}.tmp`, text, { mode: 0o600 });
    renameSync(`${file}.tmp`, file);
  }
  chmodSync(file, 0o600);
  return loadSecrets(file);
}

/** Reads the secrets file; a missing or short value is a ConfigError that names it. */
export function loadSecrets(file: string): Secrets {
  if (!existsSync(file)) {
    throw new ConfigError(`${file} is missing. Run "npm run up" once to create it, or set SECRETS_FILE.`);
  }
  const record = readRecord(file);
  const passwords = (record.dbPasswords ?? {}) as Record<string, unknown>;
  const all = [
    ...names.map((name) => [name, record[name]] as const),
    ...dbRoles.map((role) => [`dbPasswords.${role}`, passwords[role]] as const),
  ];
  for (const [name, value] of all) {
    if (typeof value !== 'string' || value.length < minLength) {
      throw new ConfigError(`${file} lacks "${name}" (at least ${minLength} characters). Run "npm run up" to add it.`);
    }
  }
  return record as unknown as Secrets;
}
