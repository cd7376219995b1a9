import type { Sql } from '@suanxiang/db/sql';
import type { LeaseFacts } from '../ingest/check-block';

/** A lease as an agent may speak for it, and the agent that does. */
export interface AgentLease extends LeaseFacts {
  agentId: string;
}

interface Row {
  id: string;
  org_id: string;
  mode: string;
  offset_s: string;
  agent_id: string | null;
}

/** Takes leases that no living agent speaks for, in the order of their ids so that two agents cannot deadlock. */
async function claim(sql: Sql, agentId: string, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await sql<{ allocation_id: string; agent_id: string }>`
    INSERT INTO agent_lease AS l (allocation_id, agent_id) SELECT id, ${agentId} FROM unnest(${ids}::text[]) AS a(id) ORDER BY id
    ON CONFLICT (allocation_id) DO UPDATE SET agent_id = CASE
      WHEN EXISTS (SELECT 1 FROM agent a WHERE a.id = l.agent_id AND a.revoked_at IS NOT NULL) THEN excluded.agent_id
      ELSE l.agent_id END
    RETURNING allocation_id, agent_id`;
  return new Map(rows.map((row) => [row.allocation_id, row.agent_id]));
}

/**
 * The leases that an agent's blocks name, of its own zone and node only. The first agent that delivers for a lease keeps it
 * until it is revoked: what another one says about the same accelerators is never mixed with it.
 */
export async function leasesOf(
  sql: Sql,
  agent: { id: string; zoneId: string; nodeId: string | null },
  ids: readonly string[],
): Promise<Map<string, AgentLease>> {
  const rows = await sql<Row>`
    SELECT a.id, a.org_id, o.mode, o.clock_offset_s::text AS offset_s, l.agent_id
    FROM allocation a JOIN organization o ON o.id = a.org_id LEFT JOIN agent_lease l ON l.allocation_id = a.id
    WHERE a.id = ANY (${ids}::text[]) AND a.zone_id = ${agent.zoneId}
      AND (${agent.nodeId}::text IS NULL OR a.node_id = ${agent.nodeId}::text)
    ORDER BY a.id`;
  const others = rows.filter((row) => row.agent_id !== agent.id).map((row) => row.id);
  const claimed = others.length > 0 ? await claim(sql, agent.id, others) : new Map<string, string>();
  return new Map(
    rows.map((row) => [
      row.id,
      {
        orgId: row.org_id,
        sandbox: row.mode === 'sandbox',
        clockOffsetS: Number(row.offset_s),
        agentId: claimed.get(row.id) ?? row.agent_id!,
      },
    ]),
  );
}
