import { randomUUID } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import pg from 'pg';

/** Type ids of PostgreSQL's one-byte `"char"` and of `character(n)`. */
const charOid = 18;
const bpcharOid = 1042;
/** ColumnTypeEnum.Character of Prisma's driver adapters. */
const characterColumn = 6;

interface PgAdapterInternals extends SqlDriverAdapter {
  underlyingDriver(): pg.Pool;
  performIO(query: unknown): Promise<{ fields?: { dataTypeID: number }[] }>;
}

function poolConfig(databaseUrl: string): pg.PoolConfig {
  const url = new URL(databaseUrl);
  return {
    host: url.hostname,
    port: Number(url.port || 5432),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    max: 2,
  };
}

/**
 * The schema engine reads the catalogue's `"char"` columns, which the adapter refuses with "Unsupported column
 * type". Results are relabelled on the way: `"char"` passes as character(n) and is announced as Character.
 */
function acceptCharColumns(adapter: SqlDriverAdapter): SqlDriverAdapter {
  const internals = adapter as PgAdapterInternals;
  const performIO = internals.performIO.bind(internals);
  const queryRaw = internals.queryRaw.bind(internals);
  let charColumns: number[] = [];
  internals.performIO = async (query) => {
    const result = await performIO(query);
    charColumns = [];
    result.fields?.forEach((field, index) => {
      if (field.dataTypeID !== charOid) return;
      field.dataTypeID = bpcharOid;
      charColumns.push(index);
    });
    return result;
  };
  internals.queryRaw = async (query) => {
    const result = await queryRaw(query);
    for (const index of charColumns) result.columnTypes[index] = characterColumn;
    return result;
  };
  // The adapter's own version cuts a script at every semicolon, also inside comments and function bodies.
  internals.executeScript = async (script) => {
    await internals.underlyingDriver().query(script);
  };
  return internals;
}

export interface MigrationAdapterFactory extends SqlMigrationAwareDriverAdapterFactory {
  /** Ends the connections that the engine opened through this factory. */
  close(): Promise<void>;
}

/**
 * Driver adapter for the schema engine. Prisma's own one drops its shadow database while its pool is still
 * connected to it, which PostgreSQL refuses; here the pool is closed first.
 */
export function migrationAdapterFactory(databaseUrl: string): MigrationAdapterFactory {
  const config = poolConfig(databaseUrl);
  const owner = new PrismaPg(config);
  const opened: SqlDriverAdapter[] = [];
  return {
    // The engine frees its side only; an open pool would hold the process and the database.
    close: async () => {
      await Promise.all(opened.splice(0).map((adapter) => adapter.dispose()));
    },
    provider: owner.provider,
    adapterName: owner.adapterName,
    connect: async () => {
      const adapter = acceptCharColumns(await owner.connect());
      opened.push(adapter);
      return adapter;
    },
    connectToShadowDb: async () => {
      const database = `prisma_shadow_${randomUUID()}`;
      await runAsOwner(config, `CREATE DATABASE ${pg.escapeIdentifier(database)}`);
      const shadow = acceptCharColumns(await new PrismaPg({ ...config, database }).connect());
      const dispose = shadow.dispose.bind(shadow);
      shadow.dispose = async () => {
        await dispose();
        await runAsOwner(config, `DROP DATABASE ${pg.escapeIdentifier(database)}`);
      };
      return shadow;
    },
  };
}

async function runAsOwner(config: pg.PoolConfig, sql: string): Promise<void> {
  const client = new pg.Client(config as pg.ClientConfig);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
