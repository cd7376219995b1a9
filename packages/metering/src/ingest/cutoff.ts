import type { Db } from '@suanxiang/db/client';
import type { Sql } from '@suanxiang/db/sql';
import { withSql } from '@suanxiang/db/tenant';

/** Advisory lock that every ingest shares and a cutoff takes alone, both for one transaction. */
const INGEST_LOCK = 7_238_200;

/** Joins the running ingests and takes the number of this batch. Blocks of a batch carry it. */
export async function beginBatch(sql: Sql): Promise<bigint> {
  await sql`SELECT pg_advisory_xact_lock_shared(${INGEST_LOCK}::bigint)`;
  const [row] = await sql<{ seq: string }>`SELECT nextval('usage_batch_seq')::text AS seq`;
  return BigInt(row!.seq);
}

/**
 * The number of the last batch, after every batch up to it has been committed or rolled back: the blocks with
 * batch_seq <= cutoff are the same set for ever. In the caller's transaction, which holds up new ingests until it ends.
 */
export async function cutoffInTransaction(sql: Sql): Promise<bigint> {
  await sql`SELECT pg_advisory_xact_lock(${INGEST_LOCK}::bigint)`;
  const [row] = await sql<{ seq: string }>`SELECT last_value::text AS seq FROM usage_batch_seq`;
  return BigInt(row!.seq);
}

/** A cutoff in a transaction of its own, a few milliseconds long: waits for running ingests, holds up no later ones. */
export function takeCutoff(db: Db): Promise<bigint> {
  return withSql(db, cutoffInTransaction);
}

/** Which blocks a rating may read. */
export interface Cutoff {
  batchSeq: bigint;
  /** Latest arrival in billing time (S14). */
  arrivedS: number;
}
