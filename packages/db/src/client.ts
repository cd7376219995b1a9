import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from './generated/client';

/** How to reach the database as one role. */
export interface DbOptions {
  url: string;
  applicationName: string;
  /** Most connections of this pool. */
  poolSize?: number;
  /** How long a request may wait for a connection before it is refused as unavailable. */
  connectTimeoutMs?: number;
  /** The server ends a statement that runs or waits for a lock longer than this. Default: never. */
  statementTimeoutMs?: number;
}

/** A database handle of one role. Only this package touches `prisma` and `pool`; others go through tenant.ts. */
export interface Db {
  readonly pool: pg.Pool;
  readonly prisma: PrismaClient;
  close(): Promise<void>;
}

/** Opens a pool as one role. Connections are made on demand; nothing is checked here. */
export function openDb(options: DbOptions): Db {
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.poolSize ?? 10,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
    idleTimeoutMillis: 30_000,
    ...(options.statementTimeoutMs ? { statement_timeout: options.statementTimeoutMs } : {}),
  });
  // A connection that the server ends while idle is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {});
  // So would one that dies between two statements of a transaction: the next statement, or the COMMIT, tells of it.
  pool.on('connect', (client) => client.on('error', () => {}));
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  return {
    pool,
    prisma,
    async close() {
      await prisma.$disconnect();
      if (!pool.ended) await pool.end();
    },
  };
}
