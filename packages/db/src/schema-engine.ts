import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg';
import { migrationAdapterFactory } from './migration-adapter';

const require = createRequire(import.meta.url);

/** Folder that holds schema.prisma and migrations/. Found through the package's name, as this file may be bundled. */
export const prismaDir = path.join(path.dirname(require.resolve('@suanxiang/db/schema-engine')), '../prisma');

type Engine = glue.SchemaEngine;

/** The part of Node's WebAssembly global used here; its types come only with the browser's library. */
interface WasmGlobal {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: { __wbindgen_start(): void } } }>;
}
const wasm = (globalThis as unknown as { WebAssembly: WasmGlobal }).WebAssembly;

/** Tables that live in migrations alone, as schema.prisma cannot express partitions. */
const filters = { externalTables: ['public.usage_block'], externalEnums: [] };

/** The engine's imports. Its ten-second lock timer is never cleared and would keep the process from ending. */
function imports(): object {
  const wrapped = Object.entries(glue)
    .filter(([name]) => name.startsWith('__wbg_setTimeout_'))
    .map(([name, setTimer]) => [
      name,
      (...args: unknown[]) => (setTimer as (...args: unknown[]) => NodeJS.Timeout)(...args).unref(),
    ]);
  return { ...glue, ...Object.fromEntries(wrapped) };
}

let loading: Promise<void> | undefined;

/**
 * Instantiates Prisma's schema engine once for this process. The package's own entry point imports the
 * `.wasm` file as a module, which Node only does behind a flag, so the module is bound by hand.
 */
function loadEngine(): Promise<void> {
  loading ??= (async () => {
    const folder = path.dirname(require.resolve('@prisma/schema-engine-wasm/schema_engine_bg'));
    const bytes = await readFile(path.join(folder, 'schema_engine_bg.wasm'));
    const { instance } = await wasm.instantiate(bytes, { './schema_engine_bg.js': imports() });
    glue.__wbg_set_wasm(instance.exports);
    instance.exports.__wbindgen_start();
  })();
  return loading;
}

/** Runs `use` with a schema engine over `databaseUrl` (an owner or superuser URL) and frees it afterwards. */
async function withEngine<T>(databaseUrl: string, use: (engine: Engine) => Promise<T>): Promise<T> {
  await loadEngine();
  const factory = migrationAdapterFactory(databaseUrl);
  const bound = bindMigrationAwareSqlAdapterFactory(factory);
  const engine = await glue.SchemaEngine.new({ datamodels: undefined }, () => {}, bound);
  try {
    return await use(engine);
  } finally {
    engine.free();
    await factory.close();
  }
}

/** Reads the migration folders in the order in which Prisma applies them (by name). */
async function migrationList(dir: string): Promise<glue.MigrationList> {
  const migrations = path.join(dir, 'migrations');
  const entries = await readdir(migrations, { withFileTypes: true }).catch(() => []);
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  const lockfile = await readFile(path.join(migrations, 'migration_lock.toml'), 'utf8').catch(() => null);
  return {
    baseDir: migrations,
    lockfile: { path: 'migration_lock.toml', content: lockfile },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      names.map(async (name) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: {
            tag: 'ok' as const,
            value: await readFile(path.join(migrations, name, 'migration.sql'), 'utf8'),
          },
        },
      })),
    ),
  };
}

async function schemaFiles(dir: string): Promise<glue.SchemasContainer> {
  const file = path.join(dir, 'schema.prisma');
  return { files: [{ path: file, content: await readFile(file, 'utf8') }] };
}

/** Turns an engine failure (an Error, or a JSON text of Prisma's) into one Error with a readable message. */
function engineError(error: unknown, doing: string): Error {
  const raw = error instanceof Error ? error.message : String(error);
  let text = raw;
  try {
    const parsed = JSON.parse(raw) as { message?: string; meta?: { message?: string } };
    text = parsed.message ?? parsed.meta?.message ?? raw;
  } catch {
    // Not JSON: the message is already text.
  }
  return new Error(`${doing}: ${text.trim()}`);
}

/**
 * Applies all pending migration folders and records them in `_prisma_migrations`, so that `prisma migrate`
 * of an ordinary machine agrees with the result. Returns the names just applied, oldest first.
 * Refuses a database whose applied migrations were edited or failed.
 */
export async function applyMigrations(databaseUrl: string, dir = prismaDir): Promise<string[]> {
  const migrationsList = await migrationList(dir);
  return withEngine(databaseUrl, async (engine) => {
    try {
      const state = await engine.diagnoseMigrationHistory({ migrationsList, optInToShadowDatabase: false, filters });
      if (state.editedMigrationNames.length > 0) {
        throw new Error(
          `applied migrations were edited afterwards (${state.editedMigrationNames.join(', ')}); ` +
            'add a new migration instead, or forget local data with "npm run up -- --reset"',
        );
      }
      return (await engine.applyMigrations({ migrationsList, filters })).appliedMigrationNames;
    } catch (error) {
      throw engineError(error, 'Migrating the database failed');
    }
  });
}

/** Names of the migrations on disk that the database has not applied yet. */
export async function pendingMigrations(databaseUrl: string, dir = prismaDir): Promise<string[]> {
  const migrationsList = await migrationList(dir);
  return withEngine(databaseUrl, async (engine) => {
    const state = await engine.diagnoseMigrationHistory({ migrationsList, optInToShadowDatabase: false, filters });
    const history = state.history;
    if (history?.diagnostic === 'databaseIsBehind' || history?.diagnostic === 'historiesDiverge') {
      return history.unappliedMigrationNames;
    }
    return [];
  });
}

/**
 * Foreign keys stand in the migrations by hand (composite, carrying the organisation); schema.prisma models none, so the
 * engine proposes to drop them all. Those blocks are left out.
 */
function withoutForeignKeyDrops(script: string): string {
  return script
    .split(/^(?=-- \w)/m)
    .filter((block) => !block.startsWith('-- DropForeignKey') && !block.startsWith('-- This is an empty migration'))
    .join('');
}

/**
 * SQL that leads from `from` (nothing, or the state after all migration folders) to schema.prisma.
 * `databaseUrl` must allow CREATE DATABASE: 'migrations' are replayed in a shadow database that is dropped again.
 * Empty when there is nothing to change.
 */
export async function diffToSchema(
  databaseUrl: string,
  from: 'empty' | 'migrations',
  dir = prismaDir,
): Promise<string> {
  const source =
    from === 'empty' ? ({ tag: 'empty' } as const) : ({ tag: 'migrations', ...(await migrationList(dir)) } as const);
  const to = { tag: 'schemaDatamodel', ...(await schemaFiles(dir)) } as const;
  return withEngine(databaseUrl, async (engine) => {
    try {
      const result = await engine.diff({ from: source, to, script: true, exitCode: null, filters });
      return withoutForeignKeyDrops(result.stdout ?? '');
    } catch (error) {
      throw engineError(error, 'Comparing the schema failed');
    }
  });
}
