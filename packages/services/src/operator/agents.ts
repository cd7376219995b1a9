import { randomBytes } from 'node:crypto';
import { singleSql } from '@suanxiang/db/tenant';
import { allowEnrolment, openAgentZone } from '@suanxiang/metering/agent-plane/enrol';
import { notFound, ProblemError } from '../problem';
import type { AnswerOf, UseCase } from '../use-case';
import { mutateAsOperator } from './mutate-as-operator';

/** A one-time token is good for an hour. */
const TOKEN_MS = 3_600_000;

/**
 * Allows one agent to enrol for a zone. The token is in this one answer and nowhere else. Throws `not_found` for an unknown
 * region and `conflict` for a zone that something else runs.
 */
export const operatorAllowAgent: UseCase<'operatorAllowAgent'> = (ctx, operator, meta, { body }) =>
  mutateAsOperator<AnswerOf<'operatorAllowAgent'>>(ctx, operator, meta, 'agent.allow', async (sql) => {
    const { zone_id: zoneId, region_id: regionId } = body;
    const [region] = await sql`SELECT id FROM region WHERE id = ${regionId}`;
    if (!region) throw notFound();
    if (!(await openAgentZone(sql, zoneId, regionId))) {
      throw new ProblemError('conflict', 'This zone lies in another region, or another driver runs it.', {
        suggestion: 'Choose a zone id of its own for the agent.',
      });
    }
    const token = randomBytes(32).toString('base64url');
    const expiresAtMs = meta.nowMs + TOKEN_MS;
    await allowEnrolment(sql, { token, zoneId, nodeId: null, expiresAtMs });
    const answer = { token, zone_id: zoneId, region_id: regionId, expires_at: new Date(expiresAtMs).toISOString() };
    return { answer, replay: { ...answer, token: null }, resource: zoneId };
  });

interface Row {
  id: string;
  zone_id: string;
  node_id: string | null;
  url: string | null;
  enrolled_at: Date;
  revoked_at: Date | null;
}

/** Agents that enrolled, newest first. */
export const operatorAgents: UseCase<'operatorAgents'> = async (ctx) => {
  const rows = await singleSql(ctx.ops)<Row>`
    SELECT id, zone_id, node_id, url, enrolled_at, revoked_at FROM agent ORDER BY enrolled_at DESC, id LIMIT 1000`;
  return {
    items: rows.map(({ enrolled_at, revoked_at, ...row }) => ({
      ...row,
      enrolled_at: enrolled_at.toISOString(),
      revoked_at: revoked_at?.toISOString() ?? null,
    })),
  };
};
