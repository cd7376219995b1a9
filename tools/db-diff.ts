import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { diffToSchema, prismaDir } from '@suanxiang/db/schema-engine';
import { startScratchPostgres } from '@suanxiang/testing/scratch-postgres';

const help = `Prints the SQL that leads from the migrations to packages/db/prisma/schema.prisma.

  npm run --silent db:diff                      from the state after all migration folders
  npm run --silent db:diff -- --from empty      from an empty database
  npm run db:diff -- --save add_thing           also writes prisma/migrations/<UTC time>_add_thing/migration.sql

Objects that schema.prisma does not hold (policies, triggers, foreign keys, exclusion constraints, CHECKs,
partitions) are not part of the comparison: write them into migration.sql by hand. Uses a throw-away PostgreSQL, never your own data.`;

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: 'migrations' },
    save: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});

async function hasMigrations(): Promise<boolean> {
  const entries = await readdir(path.join(prismaDir, 'migrations'), { withFileTypes: true }).catch(() => []);
  return entries.some((entry) => entry.isDirectory());
}

async function save(name: string, sql: string): Promise<void> {
  const time = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const migrations = path.join(prismaDir, 'migrations');
  const folder = path.join(migrations, `${time}_${name.replace(/\W+/g, '_')}`);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'migration.sql'), sql, { flag: 'wx' });
  await writeFile(path.join(migrations, 'migration_lock.toml'), 'provider = "postgresql"\n');
  process.stderr.write(`Written: ${path.relative(process.cwd(), folder)}/migration.sql\n`);
}

async function main(): Promise<void> {
  if (values.help || !['migrations', 'empty'].includes(values.from)) {
    process.stdout.write(`${help}\n`);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const from = values.from === 'empty' || !(await hasMigrations()) ? 'empty' : 'migrations';
  const postgres = await startScratchPostgres();
  try {
    const sql = await diffToSchema(postgres.adminUrl, from);
    if (sql === '') process.stderr.write('Nothing to change: the migrations lead to schema.prisma.\n');
    process.stdout.write(sql);
    if (values.save && sql !== '') await save(values.save, sql);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  } finally {
    await postgres.stop();
  }
}

await main();
