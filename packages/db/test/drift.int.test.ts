import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { applyMigrations, diffToSchema, pendingMigrations, prismaDir } from '@suanxiang/db/schema-engine';
import { cloneDatabase, type TestDatabase } from '@suanxiang/testing/database';
import { afterAll, beforeAll, expect, test } from 'vitest';

let database: TestDatabase;
let copy: string;
beforeAll(async () => {
  database = await cloneDatabase();
  copy = path.join(await mkdtemp(path.join(tmpdir(), 'suanxiang-drift-')), 'prisma');
  await cp(prismaDir, copy, { recursive: true });
});
afterAll(async () => {
  await database?.drop();
  await rm(path.dirname(copy), { recursive: true, force: true });
});

test('the migrations lead exactly to schema.prisma', async () => {
  expect(await diffToSchema(database.adminUrl, 'migrations')).toBe('');
});

test('a column that is only in schema.prisma is reported as drift', async () => {
  const file = path.join(copy, 'schema.prisma');
  const schema = await readFile(file, 'utf8');
  await writeFile(file, schema.replace(/^(model project \{\n)/m, '$1  only_in_schema String?\n'));
  const sql = await diffToSchema(database.adminUrl, 'migrations', copy);
  expect(sql).toContain('ALTER TABLE "project" ADD COLUMN     "only_in_schema" TEXT');
});

test('migrating again applies nothing, and a migrated database has nothing pending', async () => {
  expect(await pendingMigrations(database.adminUrl)).toEqual([]);
  expect(await applyMigrations(database.adminUrl)).toEqual([]);
});

test('a migration that was edited after it was applied is refused by name', async () => {
  const name = '20261124000001_tables';
  const file = path.join(copy, 'migrations', name, 'migration.sql');
  await writeFile(file, `${await readFile(file, 'utf8')}\n-- edited\n`);
  await expect(applyMigrations(database.adminUrl, copy)).rejects.toThrow(`edited afterwards (${name})`);
});
