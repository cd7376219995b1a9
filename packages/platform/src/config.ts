import path from 'node:path';
import { ConfigError } from './config-error';
import { type DbRole, dbRoles, loadSecrets, type Secrets } from './secrets';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** TCP ports. The private ones serve health and metrics and are never exposed. */
export interface Ports {
  readonly api: number;
  readonly web: number;
  readonly fleet: number;
  /** Of a node agent on this machine; its instances' SSH ports are the 99 after it. */
  readonly agent: number;
  readonly workerPrivate: number;
  readonly apiPrivate: number;
  readonly postgres: number;
  readonly redis: number;
}

/** How the simulated fleet starts (docs/guides/simulated-fleet.md). */
export interface FleetConfig {
  /** Multiplies the time that booting and stopping take; 0 = at once. */
  readonly bootScale: number;
  /** Divides everything that takes time. */
  readonly speed: number;
  /** Absolute path of another fleet's data file; null = the built-in fleet. */
  readonly specFile: string | null;
}

/** How a worker runs. */
export interface WorkerConfig {
  /** Doorbells handled at a time. */
  readonly concurrency: number;
  /** How long a worker that gave no sign of life keeps an operation. */
  readonly leaseMs: number;
  /**
   * Name of the point at which this process kills itself (SIGKILL), for fault tests: `<kind>:<step>:before|acted|after`,
   * for example `launch:boot:after`. Null = never. Refused in production.
   */
  readonly failpoint: string | null;
}

/** Payments over Stripe. Without a secret key there are none, and top-ups are bank transfers. */
export interface StripeConfig {
  readonly secretKey: string;
  /** Signs the events that Stripe sends; without it none is accepted and the sweeper finds what happened. */
  readonly webhookSecret: string | null;
  /** Another server than Stripe's own, for tests. */
  readonly apiBase: string | null;
  /** How often payments whose events may have been lost are looked for, in seconds. */
  readonly sweepS: number;
}

/** How mails go out. */
export interface MailConfig {
  /** null: there is no mail server, and mails are kept for the operator to read. */
  readonly smtpUrl: string | null;
  readonly from: string;
}

/** Which addresses of customers are called. */
export interface OutboundConfig {
  /** Plain http, and addresses of this very machine: for trying webhooks on a laptop. Refused in production. */
  readonly allowLocal: boolean;
}

/** Settings that need no secrets: what the launcher starts from. */
export interface BaseConfig {
  readonly production: boolean;
  readonly logLevel: LogLevel;
  /** Address that servers bind to. */
  readonly host: string;
  /** Absolute folder of all local state. */
  readonly dataDir: string;
  readonly secretsFile: string;
  readonly ports: Ports;
  /** Set only when the person running it brings a server of their own. */
  readonly givenDatabaseUrl: string | null;
  readonly givenRedisUrl: string | null;
  /** Public addresses as a browser or SDK sees them, without a trailing slash. */
  readonly apiUrl: string;
  readonly webUrl: string;
  readonly fleetUrl: string;
  readonly fleet: FleetConfig;
  readonly worker: WorkerConfig;
  /** null: no online payments. */
  readonly stripe: StripeConfig | null;
  readonly mail: MailConfig;
  readonly outbound: OutboundConfig;
  /** Before every key of the queues, so that two installations can share one Redis. */
  readonly queuePrefix: string;
}

/** Settings of a running process. */
export interface Config extends BaseConfig {
  readonly secrets: Secrets;
  readonly redisUrl: string;
  /** One URL per database role; a process opens only the roles it works as. */
  readonly databaseUrls: Readonly<Record<DbRole, string>>;
}

type Env = Readonly<Record<string, string | undefined>>;

const defaultPorts: Ports = {
  api: 4000,
  web: 3000,
  fleet: 4100,
  agent: 4300,
  workerPrivate: 4200,
  apiPrivate: 4201,
  postgres: 4532,
  redis: 4637,
};

/** Name of the product's database inside an embedded cluster. */
export const databaseName = 'suanxiang';

function read(env: Env, name: string): string | null {
  const value = env[name]?.trim();
  return value ? value : null;
}

function integer(env: Env, name: string, fallback: number, min: number, max: number): number {
  const text = read(env, name);
  if (text === null) return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new ConfigError(`${name} must be a whole number from ${min} to ${max}, not "${text}".`);
  }
  return value;
}

function decimal(env: Env, name: string, fallback: number, min: number, max: number): number {
  const text = read(env, name);
  if (text === null) return fallback;
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value < min || value > max) {
    throw new ConfigError(`${name} must be a number from ${min} to ${max}, not "${text}".`);
  }
  return value;
}

function oneOf<T extends string>(env: Env, name: string, allowed: readonly T[], fallback: T): T {
  const text = read(env, name);
  if (text === null) return fallback;
  if (!(allowed as readonly string[]).includes(text)) {
    throw new ConfigError(`${name} must be one of ${allowed.join(', ')}, not "${text}".`);
  }
  return text as T;
}

function url(env: Env, name: string, protocols: readonly string[]): string | null {
  const text = read(env, name);
  if (text === null) return null;
  let parsed: URL;
  try {
    parsed = new URL(text);
  } catch {
    throw new ConfigError(`${name} is not a URL (expected ${protocols[0]}//...).`);
  }
  if (!protocols.includes(parsed.protocol)) {
    throw new ConfigError(`${name} must start with ${protocols.map((p) => `${p}//`).join(' or ')}.`);
  }
  return text.replace(/\/+$/, '');
}

function readPorts(env: Env): Ports {
  const offset = integer(env, 'PORT_OFFSET', 0, 0, 50_000);
  const port = (name: string, fallback: number) => integer(env, name, fallback + offset, 1, 65_535);
  const ports: Ports = {
    api: port('API_PORT', defaultPorts.api),
    web: port('WEB_PORT', defaultPorts.web),
    fleet: port('FLEET_PORT', defaultPorts.fleet),
    agent: port('AGENT_PORT', defaultPorts.agent),
    workerPrivate: port('WORKER_PRIVATE_PORT', defaultPorts.workerPrivate),
    apiPrivate: port('API_PRIVATE_PORT', defaultPorts.apiPrivate),
    postgres: port('POSTGRES_PORT', defaultPorts.postgres),
    redis: port('REDIS_PORT', defaultPorts.redis),
  };
  const seen = new Map<number, string>();
  for (const [name, value] of Object.entries(ports)) {
    const other = seen.get(value);
    if (other) throw new ConfigError(`Ports "${other}" and "${name}" are both ${value}; give each its own.`);
    seen.set(value, name);
  }
  return ports;
}

function readFleet(env: Env, root: string): FleetConfig {
  const specFile = read(env, 'FLEET_SPEC');
  return {
    bootScale: decimal(env, 'FLEET_BOOT_SCALE', 1, 0, 1_000),
    speed: decimal(env, 'FLEET_SPEED', 1, 0.01, 10_000),
    specFile: specFile ? path.resolve(root, specFile) : null,
  };
}

function readWorker(env: Env): WorkerConfig {
  const failpoint = read(env, 'SUANXIANG_FAILPOINT');
  if (failpoint !== null && env.NODE_ENV === 'production') {
    throw new ConfigError('SUANXIANG_FAILPOINT kills the process on purpose and is refused in production.');
  }
  return {
    concurrency: integer(env, 'WORKER_CONCURRENCY', 32, 1, 256),
    leaseMs: integer(env, 'WORKER_LEASE_MS', 60_000, 200, 600_000),
    failpoint,
  };
}

function readStripe(env: Env): StripeConfig | null {
  const secretKey = read(env, 'STRIPE_SECRET_KEY');
  if (secretKey === null) return null;
  if (!/^[sr]k_(test|live)_\w+$/.test(secretKey)) {
    throw new ConfigError(
      'STRIPE_SECRET_KEY must be a secret key of Stripe, which begins with sk_test_, sk_live_ or rk_.',
    );
  }
  const apiBase = url(env, 'STRIPE_API_BASE', ['http:', 'https:']);
  const sweepS = integer(env, 'STRIPE_SWEEP_SECONDS', 300, 1, 86_400);
  return { secretKey, webhookSecret: read(env, 'STRIPE_WEBHOOK_SECRET'), apiBase, sweepS };
}

function readMail(env: Env): MailConfig {
  const from = read(env, 'MAIL_FROM') ?? 'Suanxiang Cloud <no-reply@localhost>';
  if (!/^[^<>\r\n]*<?[^\s<>@]+@[^\s<>@]+>?$/.test(from)) throw new ConfigError('MAIL_FROM is not a mail address.');
  return { smtpUrl: url(env, 'SMTP_URL', ['smtp:', 'smtps:']), from };
}

function readOutbound(env: Env): OutboundConfig {
  const allowLocal = read(env, 'ALLOW_LOCAL_WEBHOOKS') === '1';
  if (allowLocal && env.NODE_ENV === 'production')
    throw new ConfigError('ALLOW_LOCAL_WEBHOOKS=1 opens this machine to its tenants; it cannot be set in production.');
  return { allowLocal };
}

/**
 * Reads settings from environment variables, with defaults for one machine. Throws ConfigError for a bad value.
 * `root` is the folder that a relative DATA_DIR starts from.
 */
export function readBaseConfig(env: Env = process.env, root: string = process.cwd()): BaseConfig {
  const ports = readPorts(env);
  const dataDir = path.resolve(root, read(env, 'DATA_DIR') ?? '.data');
  const secretsFile = read(env, 'SECRETS_FILE');
  return {
    production: oneOf(env, 'NODE_ENV', ['development', 'test', 'production'], 'development') === 'production',
    logLevel: oneOf(env, 'LOG_LEVEL', logLevels, 'info'),
    host: read(env, 'HOST') ?? '127.0.0.1',
    dataDir,
    secretsFile: secretsFile ? path.resolve(root, secretsFile) : path.join(dataDir, 'secrets.json'),
    ports,
    givenDatabaseUrl: url(env, 'DATABASE_URL', ['postgresql:', 'postgres:']),
    givenRedisUrl: url(env, 'REDIS_URL', ['redis:', 'rediss:']),
    apiUrl: url(env, 'API_URL', ['http:', 'https:']) ?? `http://127.0.0.1:${ports.api}`,
    webUrl: url(env, 'WEB_URL', ['http:', 'https:']) ?? `http://127.0.0.1:${ports.web}`,
    fleetUrl: url(env, 'FLEET_URL', ['http:', 'https:']) ?? `http://127.0.0.1:${ports.fleet}`,
    fleet: readFleet(env, root),
    worker: readWorker(env),
    stripe: readStripe(env),
    mail: readMail(env),
    outbound: readOutbound(env),
    queuePrefix: read(env, 'QUEUE_PREFIX') ?? 'suanxiang',
  };
}

/** The same server and database as `databaseUrl`, signed in as `role`. */
export function roleUrl(databaseUrl: string, role: string, password: string): string {
  const target = new URL(databaseUrl);
  target.username = encodeURIComponent(role);
  target.password = encodeURIComponent(password);
  return target.toString();
}

/** Adds secrets to the base settings: what api, worker and fleet start from. */
export function withSecrets(base: BaseConfig, secrets: Secrets): Config {
  const server = base.givenDatabaseUrl ?? `postgresql://127.0.0.1:${base.ports.postgres}/${databaseName}`;
  const urls = dbRoles.map((role) => [role, roleUrl(server, role, secrets.dbPasswords[role])] as const);
  return {
    ...base,
    secrets,
    redisUrl: base.givenRedisUrl ?? `redis://:${secrets.redisPassword}@127.0.0.1:${base.ports.redis}/0`,
    databaseUrls: Object.fromEntries(urls) as Record<DbRole, string>,
  };
}

/**
 * Settings of this process: environment variables and the secrets file. Throws ConfigError with one sentence.
 * Call it once, in main.ts, and pass the parts on.
 */
export function loadConfig(env: Env = process.env, root: string = process.cwd()): Config {
  const base = readBaseConfig(env, root);
  return withSecrets(base, loadSecrets(base.secretsFile));
}
