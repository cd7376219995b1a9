import { type Db, openDb } from '@suanxiang/db/client';
import { createPdfRenderer, type PdfRenderer } from '@suanxiang/metering/invoices/pdf-renderer';
import type { Clock } from '@suanxiang/platform/clock';
import type { Config } from '@suanxiang/platform/config';
import type { Logger } from '@suanxiang/platform/logger';
import type { Redis } from '@suanxiang/platform/redis';
import type { AddressPolicy } from '@suanxiang/platform/safe-fetch';
import type { Secrets } from '@suanxiang/platform/secrets';
import { createDeprecatedCalls, type DeprecatedCalls } from './api-key/deprecated-calls';
import { createKeyCache, type KeyCache } from './api-key/key-cache';
import { createKeyUse, type KeyUse } from './api-key/key-use';
import { createEventBell, type EventBell } from './event/event-bell';
import { createPeople, type People } from './identity/people';
import { type LogSource, noLogs } from './workload/log-source';

/** What every use case may use. */
export interface AppContext {
  /** Tenants' data under row-level security (role app_api). */
  readonly api: Db;
  /** Finds out who is calling (role app_auth). */
  readonly auth: Db;
  /** The operator plane (role app_ops). */
  readonly ops: Db;
  /** The agent plane: stores evidence (role app_agent). */
  readonly agents: Db;
  /** Sign-up and sign-in of people. */
  readonly people: People;
  /** Live tail of charts, rate limits; may be away at any time. */
  readonly redis: Redis;
  readonly clock: Clock;
  /** The console's public address, for links in mails and as the party that passkeys belong to. */
  readonly webUrl: string;
  /** This API's public address, without a trailing slash. */
  readonly apiUrl: string;
  readonly secrets: Pick<Secrets, 'apiKeyPepper' | 'cursorKey' | 'dataKey' | 'controlKey'>;
  /** True where the operator takes online payments. */
  readonly onlinePayments: boolean;
  /** Signs the payment provider's events; null: none is accepted. */
  readonly webhookSecret: string | null;
  /** Which addresses customers may have called. */
  readonly outbound: AddressPolicy;
  /** Rings when something was told to the event stream. */
  readonly eventBell: EventBell;
  /** Remembers when keys were last used. */
  readonly keyUse: KeyUse;
  /** Counts calls of operations that are going. */
  readonly deprecatedCalls: DeprecatedCalls;
  /** Keys that were found good a moment ago. */
  readonly keyCache: KeyCache;
  /** Prints invoices and credit notes outside of the event loop. */
  readonly pdf: PdfRenderer;
  /** Logs of workloads, where their machines keep them. */
  readonly logs: LogSource;
}

export interface OpenContextOptions {
  config: Pick<Config, 'databaseUrls' | 'secrets' | 'apiUrl'> & Partial<Pick<Config, 'stripe' | 'webUrl' | 'outbound'>>;
  redis: Redis;
  clock: Clock;
  logger: Logger;
  /** Most connections for tenants' requests. */
  poolSize?: number;
  /** Left out: no logs can be read. */
  logs?: LogSource;
}

const STATEMENT_TIMEOUT_MS = 10_000;
/** How long a request waits for a connection before it is answered 503. */
const CONNECT_TIMEOUT_MS = 3_000;

/** Opens the database roles that the API works as. `close` writes what is buffered and ends the pools. */
export function openContext(options: OpenContextOptions): { ctx: AppContext; close(): Promise<void> } {
  const { config, redis, clock, logger } = options;
  const open = (role: 'app_api' | 'app_auth' | 'app_ops' | 'app_agent', part: string, poolSize: number) =>
    openDb({
      url: config.databaseUrls[role],
      applicationName: `suanxiang-api-${part}`,
      poolSize,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    });
  const api = open('app_api', 'tenant', options.poolSize ?? 12);
  const auth = open('app_auth', 'auth', 6);
  // A pool of its own: hashing passwords holds connections, and must not keep keys and sessions from being looked up.
  const identity = open('app_auth', 'identity', 4);
  const ops = open('app_ops', 'operator', 3);
  const agents = open('app_agent', 'agents', 4);
  const keyUse = createKeyUse(auth, clock, logger);
  const deprecatedCalls = createDeprecatedCalls(api, clock, logger);
  const people = createPeople({ identity, secret: config.secrets.sessionSecret, baseUrl: config.apiUrl, clock });
  const keyCache = createKeyCache(() => clock.nowMs());
  const pdf = createPdfRenderer();
  const eventBell = createEventBell(config.databaseUrls.app_api, logger);
  const stripe = config.stripe ?? null;
  const payments = { onlinePayments: stripe !== null, webhookSecret: stripe?.webhookSecret ?? null };
  const ctx: AppContext = {
    api,
    auth,
    ops,
    agents,
    people,
    redis,
    clock,
    webUrl: config.webUrl ?? config.apiUrl,
    apiUrl: config.apiUrl,
    secrets: config.secrets,
    ...payments,
    outbound: config.outbound ?? { allowLocal: false },
    eventBell,
    keyUse,
    deprecatedCalls,
    keyCache,
    pdf,
    logs: options.logs ?? noLogs,
  };
  return {
    ctx,
    async close() {
      await Promise.all([keyUse.close(), deprecatedCalls.close(), pdf.close(), eventBell.close()]);
      await Promise.all([api, auth, identity, ops, agents].map((db) => db.close()));
    },
  };
}
