import { createHash } from 'node:crypto';
import type { Db } from '@suanxiang/db/client';
import { type CopyIn, withCopy } from '@suanxiang/db/copy-in';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql } from '@suanxiang/db/tenant';
import { type AgentBatch, batchSignatureText, decodeBatch, decodeJsonBatch } from '@suanxiang/domain/agent-batch';
import { isId } from '@suanxiang/domain/ids';
import { byKey, type CheckedBlock, checkBlock, type DeliveredBlock, type RefusalReason } from '../ingest/check-block';
import { beginBatch } from '../ingest/cutoff';
import { quarantine } from '../ingest/quarantine';
import { type BillingPolicy, defaultPolicy } from '../policy';
import { copyBlocks } from './copy-blocks';
import { agentKey, isSignedBy } from './enrol';
import { type AgentLease, leasesOf } from './leases';

/** An agent's clock may go back by so much between two batches; network time does so. */
const CLOCK_SLACK_MS = 5_000;

export interface BatchAnswer {
  batchSeq: number;
  /** Blocks that were not known before. */
  accepted: number;
  /** Blocks that had been stored already, or stand twice in the batch. */
  duplicates: number;
  /** Blocks that are never billed, by their place in the batch. */
  quarantined: { index: number; reason: RefusalReason }[];
  /** True: this very batch had come before, and this is the answer of then. */
  replayed: boolean;
}

export type Received =
  | { kind: 'answer'; answer: BatchAnswer }
  /** Unknown or revoked agent, or a signature that is not its own over this body. */
  | { kind: 'unauthenticated' }
  /** This sequence number stands for another batch. */
  | { kind: 'sequence_taken' };

interface Agent {
  id: string;
  zoneId: string;
  nodeId: string | null;
}

/** The agent whose signature stands under a body, if it may still speak. */
async function authenticate(db: Db, agentId: string, bodyDigest: string, signature: Uint8Array): Promise<Agent | null> {
  const [row] = await singleSql(db)<{ zone_id: string; node_id: string | null; public_key: Uint8Array }>`
    SELECT zone_id, node_id, public_key FROM agent WHERE id = ${agentId} AND revoked_at IS NULL`;
  if (!row || !isSignedBy(agentKey(row.public_key), batchSignatureText(agentId, bodyDigest), signature)) return null;
  return { id: agentId, zoneId: row.zone_id, nodeId: row.node_id };
}

/** The answer that was given to this batch; null when it is new, which this transaction then holds. */
async function knownAnswer(sql: Sql, agent: Agent, seq: number, digest: string): Promise<Received | null> {
  const inserted = await sql`
    INSERT INTO agent_batch (agent_id, seq, digest) VALUES (${agent.id}, ${seq}::bigint, ${digest})
    ON CONFLICT DO NOTHING RETURNING 1 AS one`;
  if (inserted.length > 0) return null;
  const [known] = await sql<{ digest: string; answer: Omit<BatchAnswer, 'replayed'> }>`
    SELECT digest, answer FROM agent_batch WHERE agent_id = ${agent.id} AND seq = ${seq}::bigint`;
  if (known?.digest !== digest) return { kind: 'sequence_taken' };
  return { kind: 'answer', answer: { ...known.answer, replayed: true } };
}

/** Moves the agent's marks; true when its clock shows less than with an earlier batch. */
async function clockWentBack(sql: Sql, agent: Agent, batch: AgentBatch, latestMs: number): Promise<boolean> {
  const [row] = await sql<{ back: boolean }>`
    SELECT ${batch.seq}::bigint > high_seq AND ${batch.sentAtMs}::bigint < high_sent_ms - ${CLOCK_SLACK_MS}::bigint AS back
    FROM agent WHERE id = ${agent.id}`;
  // A clock far ahead sets no mark: once it is right again, what it says must be taken.
  const markMs = Math.min(batch.sentAtMs, latestMs);
  await sql`
    UPDATE agent SET high_seq = greatest(high_seq, ${batch.seq}::bigint), high_sent_ms = greatest(high_sent_ms, ${markMs}::bigint)
    WHERE id = ${agent.id}`;
  return row!.back;
}

interface Sorted {
  accepted: CheckedBlock[];
  refused: { index: number; block: DeliveredBlock; reason: RefusalReason }[];
}

/** Decides about each block of a batch. */
function sortOut(
  blocks: readonly DeliveredBlock[],
  leases: ReadonlyMap<string, AgentLease>,
  context: { agentId: string; nowS: number; clockBack: boolean; policy: BillingPolicy },
): Sorted {
  const sorted: Sorted = { accepted: [], refused: [] };
  blocks.forEach((block, index) => {
    const lease = leases.get(block.allocationId);
    let checked = checkBlock(block, lease, context.nowS, context.policy);
    if (typeof checked === 'object' && context.clockBack) checked = 'clock_back';
    if (typeof checked === 'object' && lease!.agentId !== context.agentId) checked = 'other_agent';
    if (typeof checked === 'object') sorted.accepted.push(checked);
    else sorted.refused.push({ index, block, reason: checked });
  });
  return sorted;
}

async function store(
  sql: Sql,
  copy: CopyIn,
  agent: Agent,
  batch: AgentBatch,
  { nowMs, policy }: { nowMs: number; policy: BillingPolicy },
): Promise<Omit<BatchAnswer, 'replayed'>> {
  const clockBack = await clockWentBack(sql, agent, batch, nowMs + policy.futureLimitS * 1000);
  const blocks = batch.blocks.map(({ allocationId, winStartS, rev, bytes, digest }): DeliveredBlock => {
    return { seq: batch.seq, agentId: agent.id, allocationId, winStartS, rev, bytes, digest };
  });
  const named = new Set(blocks.map((block) => block.allocationId));
  const leases = await leasesOf(
    sql,
    agent,
    [...named].filter((id) => isId('allocation', id)),
  );
  const context = { agentId: agent.id, nowS: Math.floor(nowMs / 1000), clockBack, policy };
  const { accepted, refused } = sortOut(blocks, leases, context);
  if (refused.length > 0) await quarantine(sql, agent.zoneId, refused);
  const sorted = accepted.sort(byKey);
  const fresh = sorted.filter((block, at) => at === 0 || byKey(sorted[at - 1]!, block) !== 0);
  const seq = await beginBatch(sql, agent.zoneId);
  const head = { seq, agentId: agent.id, agentSeq: batch.seq, zoneId: agent.zoneId, nowMs };
  const stored = fresh.length > 0 ? await copyBlocks(sql, copy, fresh, head) : 0;
  const quarantined = refused.map(({ index, reason }) => ({ index, reason }));
  return { batchSeq: batch.seq, accepted: stored, duplicates: accepted.length - stored, quarantined };
}

/**
 * Takes in one batch of an agent (role app_agent): signature over the body, once per sequence number, and every block judged
 * by itself. The answer is given after commit and is the same for every repetition of the batch. Throws BatchError
 * for a body that is no batch.
 */
export async function receiveBatch(
  db: Db,
  request: { agentId: string; signature: Uint8Array; body: Uint8Array; format: 'binary' | 'json' },
  nowMs: number,
  policy: BillingPolicy = defaultPolicy,
): Promise<Received> {
  const digest = createHash('sha256').update(request.body).digest('hex');
  const agent = await authenticate(db, request.agentId, digest, request.signature);
  if (!agent) return { kind: 'unauthenticated' };
  const batch =
    request.format === 'binary'
      ? decodeBatch(request.body)
      : decodeJsonBatch(Buffer.from(request.body).toString('utf8'));
  return withCopy(db, async (sql, copy): Promise<Received> => {
    const known = await knownAnswer(sql, agent, batch.seq, digest);
    if (known) return known;
    const answer = await store(sql, copy, agent, batch, { nowMs, policy });
    await sql`
      UPDATE agent_batch SET answer = ${answer}::jsonb WHERE agent_id = ${agent.id} AND seq = ${batch.seq}::bigint`;
    return { kind: 'answer', answer: { ...answer, replayed: false } };
  });
}
