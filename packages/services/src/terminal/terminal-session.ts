import { audit } from '@suanxiang/db/audit';
import { singleSql, withOrgSql } from '@suanxiang/db/tenant';
import { authenticateAgain } from '../access/authenticate';
import { authorise } from '../access/authorise';
import type { Principal } from '../access/principal';
import { requireAddress } from '../api-key/find-key';
import type { AppContext } from '../context';
import { ProblemError } from '../problem';
import type { NodePlace } from '../workload/node-place';
import type { TerminalGrant } from './tickets';

/** Why a session is not opened, or not any longer. */
type TerminalRefusal = 'credential_ended' | 'permission_lost' | 'not_running' | 'too_many_sessions';

export class TerminalRefused extends Error {
  constructor(readonly reason: TerminalRefusal) {
    super(reason);
  }
}

async function principalOf(ctx: AppContext, grant: TerminalGrant, ip: string): Promise<Principal> {
  let principal: Principal;
  try {
    principal = await authenticateAgain(ctx, grant.credential, grant.orgId);
  } catch (error) {
    if (error instanceof ProblemError) throw new TerminalRefused('credential_ended');
    throw error;
  }
  try {
    requireAddress(principal, ip);
    return authorise(principal, `${grant.kind}.connect`);
  } catch (error) {
    if (error instanceof ProblemError) throw new TerminalRefused('permission_lost');
    throw error;
  }
}

/**
 * Looks anew whether the caller may be in there, and where that is. Asked when a session is opened and every moment while
 * it lasts. Throws TerminalRefused.
 */
export async function lookAgain(
  ctx: AppContext,
  grant: TerminalGrant,
  ip: string,
): Promise<{ principal: Principal; place: Omit<NodePlace, 'agent'> }> {
  const principal = await principalOf(ctx, grant, ip);
  const { orgId, kind, workloadId, rank } = grant;
  return withOrgSql(ctx.api, orgId, async (sql) => {
    const [row] = await sql<{ state: string; id: string | null; zone_id: string; driver: string }>`
      SELECT w.state, a.id, a.zone_id, z.driver FROM workload w
      LEFT JOIN LATERAL (SELECT id, zone_id FROM allocation WHERE org_id = w.org_id AND workload_id = w.id
        AND rank = ${rank} AND state = 'running' AND released_at IS NULL ORDER BY created_at DESC LIMIT 1) a ON true
      LEFT JOIN zone z ON z.id = a.zone_id
      WHERE w.org_id = ${orgId} AND w.id = ${workloadId} AND w.kind = ${kind}
        AND (${principal.projectIds}::text[] IS NULL OR w.project_id = ANY (${principal.projectIds}::text[]))`;
    if (!row) throw new TerminalRefused('permission_lost');
    if (row.state !== 'running' || row.id === null) throw new TerminalRefused('not_running');
    return { principal, place: { allocationId: row.id, zoneId: row.zone_id, driver: row.driver } };
  });
}

/** The agent that runs a zone now; null where none does. */
export async function agentOf(ctx: AppContext, zoneId: string): Promise<NodePlace['agent']> {
  const [row] = await singleSql(ctx.agents)<{ id: string; url: string; public_key: Uint8Array }>`
    SELECT id, url, public_key FROM agent WHERE zone_id = ${zoneId} AND url IS NOT NULL AND revoked_at IS NULL
    ORDER BY enrolled_at DESC LIMIT 1`;
  return row ? { id: row.id, url: row.url, publicKey: Buffer.from(row.public_key).toString('base64') } : null;
}

/** Leaves a row in the organisation's audit log: that a session began or ended, never what was typed. */
export async function auditTerminal(
  ctx: AppContext,
  grant: TerminalGrant,
  principal: Principal,
  event: { verb: 'open' | 'close'; detail: object; ip: string; nowMs: number },
): Promise<void> {
  await withOrgSql(ctx.api, grant.orgId, (sql) =>
    audit(sql, {
      orgId: grant.orgId,
      actor: principal.actor,
      authMethod: principal.authMethod,
      action: `${grant.kind}.terminal.${event.verb}`,
      resource: grant.workloadId,
      result: 'success',
      detail: { rank: grant.rank, ...event.detail },
      requestId: grant.requestId,
      ip: event.ip,
      nowMs: event.nowMs,
    }),
  );
}
