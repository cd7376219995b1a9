import type { Db } from '@suanxiang/db/client';
import type { Sql } from '@suanxiang/db/sql';
import { withSql } from '@suanxiang/db/tenant';
import { expect } from 'vitest';

class Killed extends Error {}

/** Who dies: the process, before it sends a statement, or the database's own process for it, in the middle of the transaction. */
export type Death = 'process' | 'backend';

/** The same statements, but death comes before the n-th one: the transaction is rolled back by the database. */
function dyingBefore(sql: Sql, n: number, death: Death): Sql {
  let count = 0;
  return (async (strings: TemplateStringsArray, ...values: never[]) => {
    count += 1;
    if (count === n) {
      if (death === 'backend') {
        await sql`SELECT pg_terminate_backend(pg_backend_pid())`.then(
          () => expect.unreachable('the backend went on'),
          (error) => expect(error.code).toBe('57P01'),
        );
      }
      throw new Killed(`killed before statement ${n}`);
    }
    return sql(strings, ...values);
  }) as Sql;
}

/**
 * Kills an act before its first, second, ... statement until it gets through, and checks that every death left things as they
 * were. Then, as a client would whose answer was lost, does it again and checks that nothing more happened
 * (`repeats: false`: the act has no key of its own). The act must have changed something, in more than one statement.
 * Returns how many statements it had, up to the stride.
 */
export async function survives<T>(options: {
  db: Db;
  arrange: () => Promise<T>;
  act: (sql: Sql, arranged: T) => Promise<void>;
  stateOf: (arranged: T) => Promise<object>;
  repeats?: boolean;
  death?: Death;
  /** Dies before every so-manieth statement only, for deaths that take long; 1: every one. */
  stride?: number;
}): Promise<number> {
  const { db, arrange, act, stateOf, repeats = true, death = 'process', stride = 1 } = options;
  const arranged = await arrange();
  const before = await stateOf(arranged);
  let statement = 1;
  for (; ; statement += stride) {
    const died = await withSql(db, (sql) => act(dyingBefore(sql, statement, death), arranged)).then(
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
  if (repeats) {
    await withSql(db, (sql) => act(sql, arranged));
    expect(await stateOf(arranged)).toEqual(after);
  }
  return statement - 1;
}
