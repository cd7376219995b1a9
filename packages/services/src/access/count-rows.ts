import type { Db } from '@suanxiang/db/client';
import type { Sql } from '@suanxiang/db/sql';
import { singleOrgSql } from '@suanxiang/db/tenant';

/** The number that a statement `SELECT count(*)::int AS n ...` of one organisation answers. */
export async function countRows(
  db: Db,
  orgId: string,
  statement: (sql: Sql) => Promise<{ n: number }[]>,
): Promise<number> {
  const [row] = await statement(singleOrgSql(db, orgId));
  return row?.n ?? 0;
}
