import type { Sql } from '@suanxiang/db/sql';
import { type BillingPolicy, defaultPolicy } from '../policy';
import {
  byKey,
  type CheckedBlock,
  checkBlock,
  type DeliveredBlock,
  isWellFormed,
  type LeaseFacts,
  type RefusalReason,
} from './check-block';
import { beginBatch } from './cutoff';
import { quarantine } from './quarantine';

export interface IngestResult {
  /** Blocks that were not known before. */
  stored: number;
  /** Blocks that had been stored already (a repeated delivery). */
  duplicates: number;
  /** Of the stored ones: another content stands under the same allocation, minute and revision. Both are kept, and
   * rating takes the lower value of each second. */
  conflicts: number;
  /** Refused records by reason; each is kept once in the quarantine. */
  quarantined: Partial<Record<RefusalReason, number>>;
}

/** The leases that a zone's blocks name. A zone can speak only for its own allocations. */
export async function loadLeases(sql: Sql, zoneId: string, ids: readonly string[]): Promise<Map<string, LeaseFacts>> {
  const rows = await sql<{ id: string; org_id: string; mode: string; offset_s: string }>`
    SELECT a.id, a.org_id, o.mode, o.clock_offset_s::text AS offset_s
    FROM allocation a JOIN organization o ON o.id = a.org_id
    WHERE a.id = ANY (${ids}::text[]) AND a.zone_id = ${zoneId}`;
  return new Map(
    rows.map((row) => [
      row.id,
      { orgId: row.org_id, sandbox: row.mode === 'sandbox', clockOffsetS: Number(row.offset_s) },
    ]),
  );
}

/** Inserts blocks in one statement, in the order of their key so that two ingests cannot deadlock. */
export async function insertBlocks(
  sql: Sql,
  blocks: readonly CheckedBlock[],
  batch: { seq: bigint; zoneId: string; nowMs: number },
): Promise<{ stored: number; conflicts: number }> {
  const column = (pick: (block: CheckedBlock) => string | number) => blocks.map((block) => String(pick(block)));
  const bytes = blocks.map((block) => Buffer.from(block.bytes).toString('hex'));
  const [row] = await sql<{ stored: number; conflicts: number }>`
    WITH given AS (
      SELECT * FROM unnest(${column((b) => b.orgId)}::text[], ${column((b) => b.allocationId)}::text[],
        ${column((b) => b.winStartS)}::bigint[], ${column((b) => b.rev)}::int[], ${bytes}::text[],
        ${column((b) => b.digest)}::text[], ${column((b) => b.agentId)}::text[], ${column((b) => b.seq)}::bigint[],
        ${column((b) => b.measured)}::int[], ${column((b) => b.sumPpm)}::bigint[],
        ${column((b) => b.arrivedS)}::bigint[])
        AS g(org_id, allocation_id, win_start_s, rev, hex, digest, agent_id, engine_seq, measured, sum_ppm, arrived_s)
    ), stored AS (
      INSERT INTO usage_block (org_id, allocation_id, win_start_s, rev, bytes, digest, agent_id, zone_id, engine_seq,
        measured, sum_ppm, arrived_s, received_at, batch_seq)
      SELECT org_id, allocation_id, win_start_s, rev, decode(hex, 'hex'), digest, agent_id, ${batch.zoneId}, engine_seq,
        measured, sum_ppm, arrived_s, to_timestamp(${batch.nowMs}::float8 / 1000), ${batch.seq}::bigint
      FROM given ON CONFLICT DO NOTHING RETURNING allocation_id, win_start_s, rev, digest
    )
    SELECT count(*)::int AS stored,
      count(*) FILTER (WHERE EXISTS (SELECT 1 FROM usage_block b WHERE b.allocation_id = stored.allocation_id
        AND b.win_start_s = stored.win_start_s AND b.rev = stored.rev AND b.digest <> stored.digest))::int AS conflicts
    FROM stored`;
  return row!;
}

/** Drops repetitions inside one delivery, and counts those of the rest that contradict an earlier one in it. */
function withoutRepetitions(sorted: readonly CheckedBlock[]): { blocks: CheckedBlock[]; contradictions: number } {
  const blocks = sorted.filter((block, index) => index === 0 || byKey(sorted[index - 1]!, block) !== 0);
  const contradictions = blocks.filter((block, index) => {
    const before = blocks[index - 1];
    return (
      before?.allocationId === block.allocationId && before.winStartS === block.winStartS && before.rev === block.rev
    );
  });
  return { blocks, contradictions: contradictions.length };
}

/**
 * Stores the usage blocks that a zone delivered: at least once, in any order, late, repeated or revised. What cannot be
 * used goes to the quarantine with its reason, is never billed and never an error. Acknowledge to the fleet only after the
 * caller's transaction has committed. Role app_worker; `nowMs` is the wall clock and becomes the time of arrival.
 */
export async function ingestBlocks(
  sql: Sql,
  zoneId: string,
  records: readonly DeliveredBlock[],
  nowMs: number,
  policy: BillingPolicy = defaultPolicy,
): Promise<IngestResult> {
  const result: IngestResult = { stored: 0, duplicates: 0, conflicts: 0, quarantined: {} };
  if (records.length === 0) return result;
  const seq = await beginBatch(sql, zoneId);
  const named = new Set(records.filter(isWellFormed).map((record) => record.allocationId));
  const leases = await loadLeases(sql, zoneId, [...named]);
  const accepted: CheckedBlock[] = [];
  const refused: { block: DeliveredBlock; reason: RefusalReason }[] = [];
  for (const block of records) {
    const checked = checkBlock(block, leases.get(block.allocationId), Math.floor(nowMs / 1000), policy);
    if (typeof checked === 'object') accepted.push(checked);
    else refused.push({ block, reason: checked });
  }
  if (refused.length > 0) await quarantine(sql, zoneId, refused);
  for (const { reason } of refused) result.quarantined[reason] = (result.quarantined[reason] ?? 0) + 1;
  if (accepted.length === 0) return result;
  const { blocks, contradictions } = withoutRepetitions(accepted.sort(byKey));
  const inserted = await insertBlocks(sql, blocks, { seq, zoneId, nowMs });
  return {
    ...result,
    stored: inserted.stored,
    duplicates: accepted.length - inserted.stored,
    conflicts: inserted.conflicts + contradictions,
  };
}
