import type { Db } from '@suanxiang/db/client';
import type { Sql } from '@suanxiang/db/sql';
import { withSql } from '@suanxiang/db/tenant';
import { expect } from 'vitest';

class Killed extends Error {}

/** The same statements, but the process "dies" before the n-th one: its transaction is rolled back by the database. */
function dyingBefore(sql: Sql, n: number): Sql {
  let count = 0;
  return ((strings: TemplateStringsArray, ...values: never[]) => {
    count += 1;
    if (count === n) throw new Killed(`killed before statement ${n}`);
    return sql(strings, ...values);
  }) as Sql;
}

/**
 * Kills an act before its first, second, ... statement until it gets through, and checks that every death left things as they
 * were. Then, as a client would whose answer was lost, does it again and checks that nothing more happened
 * (`repeats: false`: the act has no key of its own). The act must have changed something, in more than one statement.
 */
export async function survives<T>(options: {
  db: Db;
  arrange: () => Promise<T>;
  act: (sql: Sql, arranged: T) => Promise<void>;
  stateOf: (arranged: T) => Promise<object>;
  repeats?: boolean;
}): Promise<void> {
  const { db, arrange, act, stateOf, repeats = true } = options;
  const arranged = await arrange();
  const before = await stateOf(arranged);
  let statement = 1;
  for (; ; statement += 1) {
    const died = await withSql(db, (sql) => act(dyingBefore(sql, statement), arranged)).then(
      () => false,
      (error) => {
        if (!(error instanceof Killed)) throw error;
        return true;
      },
    );
    if (!died) break;
    expect(await stateOf(arranged)).toEqual(before);
  }
  expect(statement).toBeGreaterThan(3);
  const after = await stateOf(arranged);
  expect(after).not.toEqual(before);
  if (!repeats) return;
  await withSql(db, (sql) => act(sql, arranged));
  expect(await stateOf(arranged)).toEqual(after);
}
