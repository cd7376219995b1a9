import type { Sql } from '@suanxiang/db/sql';
import { type BillingPolicy, defaultPolicy } from '../policy';
import { type CheckedBlock, checkBlock, type DeliveredBlock, type RefusalReason } from './check-block';
import { beginBatch } from './cutoff';
import { insertBlocks, loadLeases } from './ingest-blocks';

/** A refused block as the quarantine keeps it (refusedRecord). */
export interface KeptBlock {
  id: string;
  reason: RefusalReason;
  raw: {
    seq: number;
    allocation_id: string;
    win_start_s: number;
    rev: number;
    digest: string;
    agent_id: string;
    bytes: number;
    bytes_hex: string;
  };
}

/** What was damaged is never billed and never mended (S2); the rest may turn out to be right after all. */
export function canReadmit(reason: RefusalReason): boolean {
  return reason !== 'malformed' && reason !== 'bad_value' && reason !== 'bad_digest';
}

function blockOf({ raw }: KeptBlock): DeliveredBlock {
  return {
    seq: raw.seq,
    allocationId: raw.allocation_id,
    winStartS: raw.win_start_s,
    rev: raw.rev,
    bytes: Buffer.from(raw.bytes_hex, 'hex'),
    digest: raw.digest,
    agentId: raw.agent_id,
  };
}

/** First second of each organisation that a correction can still reach: of its open periods, and of those that may change (S14). */
async function reachable(sql: Sql, orgIds: readonly string[], policy: BillingPolicy): Promise<Map<string, number>> {
  const rows = await sql<{ org_id: string; from_s: string }>`
    WITH next AS (
      SELECT org_id, coalesce(min(from_s) FILTER (WHERE status = 'open'), max(to_s)) AS from_s FROM billing_period
      WHERE org_id = ANY (${[...orgIds]}::text[]) GROUP BY org_id)
    SELECT p.org_id, min(p.from_s)::text AS from_s FROM billing_period p JOIN next ON next.org_id = p.org_id
    WHERE p.status = 'open' OR p.to_s > next.from_s + ${policy.graceS - policy.lateLimitS}::bigint GROUP BY p.org_id`;
  return new Map(rows.map((row) => [row.org_id, Number(row.from_s)]));
}

export interface Readmission {
  /** Ids of the records that are evidence now. */
  taken: string[];
  /** Ids of those that still cannot be: the future, a lease that nobody has, a period that cannot change any more. */
  refused: string[];
}

/**
 * Takes refused blocks of one zone in after all, in the caller's transaction: each is checked again, but for what it was refused
 * for when an operator overrules that (age, the agent's clock, another agent). They arrive now: an open period bills them, and
 * an issued one is corrected by the next closing. Repeating it changes nothing.
 */
export async function readmitBlocks(
  sql: Sql,
  zoneId: string,
  kept: readonly KeptBlock[],
  nowMs: number,
  policy: BillingPolicy = defaultPolicy,
): Promise<Readmission> {
  const result: Readmission = { taken: [], refused: [] };
  const leases = await loadLeases(sql, zoneId, [...new Set(kept.map(({ raw }) => raw.allocation_id))]);
  const firstS = await reachable(sql, [...new Set([...leases.values()].map(({ orgId }) => orgId))], policy);
  const blocks: CheckedBlock[] = [];
  for (const one of kept) {
    const block = blockOf(one);
    const overruled = { ...policy, lateLimitS: Number.MAX_SAFE_INTEGER };
    const checked = canReadmit(one.reason)
      ? checkBlock(block, leases.get(block.allocationId), Math.floor(nowMs / 1000), overruled)
      : one.reason;
    // An organisation without any period yet has none that is closed.
    if (typeof checked === 'object' && block.winStartS >= (firstS.get(checked.orgId) ?? 0)) {
      blocks.push(checked);
      result.taken.push(one.id);
    } else result.refused.push(one.id);
  }
  if (blocks.length > 0) {
    const seq = await beginBatch(sql, zoneId);
    await insertBlocks(sql, blocks, { seq, zoneId, nowMs });
  }
  return result;
}
