import type { Sql } from '@suanxiang/db/sql';
import { PROJECT_ROLE_PERMISSIONS } from '@suanxiang/domain/permissions';
import type { Principal } from '../access/principal';

/** Where a reader stands: the writing transaction and the event's number. */
export interface EventPosition {
  txid: string;
  seq: string;
}

export interface EventRow extends EventPosition {
  id: string;
  type: string;
  at: Date;
  project_id: string | null;
  subject: string | null;
  data: Record<string, unknown>;
}

export interface EventFilter {
  /** Exact, or ending in `.*`. */
  type?: string | undefined;
  resource?: string | undefined;
  actor?: string | undefined;
  /** ISO 8601; from `since` on, before `until`. */
  since?: string | undefined;
  until?: string | undefined;
}

/** `LIKE` pattern of a type; null: all. */
function patternOf(type: string | undefined): string | null {
  if (!type) return null;
  const escaped = type.replaceAll('_', '\\_');
  return escaped.endsWith('.*') ? `${escaped.slice(0, -1)}%` : escaped;
}

/** What a principal may hear of: permissions everywhere it reaches, and permissions in single projects. */
function hearing({ permissions, projectIds, projectRoles }: Principal) {
  const inProjects = Object.entries(projectRoles).flatMap(([project, role]) =>
    [...PROJECT_ROLE_PERMISSIONS[role]].map((permission) => `${project}/${permission}`),
  );
  return { everywhere: [...permissions], projects: projectIds === null ? null : [...projectIds], inProjects };
}

/**
 * Events after (`forward`) or before a position that the principal may hear of, in commit-safe order: only those of
 * transactions older than the oldest one still under way, so that none can appear behind a reader later.
 */
export async function readEvents(
  sql: Sql,
  principal: Principal,
  filter: EventFilter,
  from: EventPosition | null,
  forward: boolean,
  take: number,
): Promise<EventRow[]> {
  const { everywhere, projects, inProjects } = hearing(principal);
  const pattern = patternOf(filter.type);
  const resource = filter.resource ?? null;
  const { actor = null, since = null, until = null } = filter;
  const txid = from?.txid ?? null;
  const seq = from?.seq ?? null;
  const rows = forward
    ? sql<EventRow>`
        SELECT id, type, at, project_id, subject, data, txid::text, seq::text FROM event
        WHERE org_id = ${principal.orgId} AND (txid, seq) > (${txid}::bigint, ${seq}::bigint)
          AND txid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
          AND ((permission = ANY(${everywhere}::text[]) AND (${projects}::text[] IS NULL OR project_id = ANY(${projects}::text[])))
            OR project_id || '/' || permission = ANY(${inProjects}::text[]))
          AND (${pattern}::text IS NULL OR type LIKE ${pattern}) AND (${resource}::text IS NULL OR subject = ${resource})
        ORDER BY event.txid, event.seq LIMIT ${take}`
    : sql<EventRow>`
        SELECT id, type, at, project_id, subject, data, txid::text, seq::text FROM event
        WHERE org_id = ${principal.orgId} AND (${txid}::bigint IS NULL OR (txid, seq) < (${txid}::bigint, ${seq}::bigint))
          AND txid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
          AND ((permission = ANY(${everywhere}::text[]) AND (${projects}::text[] IS NULL OR project_id = ANY(${projects}::text[])))
            OR project_id || '/' || permission = ANY(${inProjects}::text[]))
          AND (${pattern}::text IS NULL OR type LIKE ${pattern}) AND (${resource}::text IS NULL OR subject = ${resource})
          AND (${actor}::text IS NULL OR data->>'actor' = ${actor})
          AND (${since}::timestamptz IS NULL OR at >= ${since}::timestamptz) AND (${until}::timestamptz IS NULL OR at < ${until}::timestamptz)
        ORDER BY event.txid DESC, event.seq DESC LIMIT ${take}`;
  return rows;
}

/** The position after everything that can be read now. */
export async function endOfEvents(sql: Sql): Promise<EventPosition> {
  const [row] = await sql<{
    txid: string;
  }>`SELECT (pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1)::text AS txid`;
  return { txid: row!.txid, seq: '9223372036854775807' };
}

/** How an event is shown, in lists, streams and webhooks alike. */
export function eventAnswer(row: EventRow) {
  return {
    id: row.id,
    type: row.type,
    at: row.at.toISOString(),
    project_id: row.project_id,
    resource: row.subject,
    data: row.data,
  };
}
