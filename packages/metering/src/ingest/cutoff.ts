import type { Db } from '@suanxiang/db/client';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql } from '@suanxiang/db/tenant';

/** Advisory locks, one a shard, that its ingests share and a seal takes alone, each for one transaction. */
const INGEST_LOCK = 7_238_200;

/** A zone's batches belong to one of so many shards (a power of two). */
const SHARDS = 8;

/** Joins the running ingests of the zone's shard and takes the number of this batch. Blocks of a batch carry it. */
export async function beginBatch(sql: Sql, zoneId: string): Promise<bigint> {
  await sql`SELECT pg_advisory_xact_lock_shared(${INGEST_LOCK}::int, hashtext(${zoneId}) & ${SHARDS - 1}::int)`;
  const [row] = await sql<{ seq: string }>`SELECT nextval('usage_batch_seq')::text AS seq`;
  return BigInt(row!.seq);
}

/**
 * A number after every batch up to it has been committed or rolled back: the blocks with batch_seq <= cutoff are the same set for
 * ever. Each shard is sealed by itself, waiting for its own batches and holding up its own new ones only: below its seal nothing of
 * it can appear any more, so below the lowest of them nothing at all can. In the caller's transaction, which holds up new ingests
 * until it ends.
 */
export async function cutoffInTransaction(sql: Sql): Promise<bigint> {
  let cutoff: bigint | null = null;
  for (let shard = 0; shard < SHARDS; shard += 1) {
    const [row] = await sql<{ seq: string }>`SELECT suan_seal_shard(${shard}::int)::text AS seq`;
    const sealed = BigInt(row!.seq);
    if (cutoff === null || sealed < cutoff) cutoff = sealed;
  }
  return cutoff!;
}

/** A cutoff of statements that are each their own transaction: no shard is held while another is waited for. */
export function takeCutoff(db: Db): Promise<bigint> {
  return cutoffInTransaction(singleSql(db));
}

/** Which blocks a rating may read. */
export interface Cutoff {
  batchSeq: bigint;
  /** Latest arrival in billing time (S14). */
  arrivedS: number;
}
