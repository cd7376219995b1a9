import { singleSql, withSql } from '@suanxiang/db/tenant';
import { prefixOf } from '../access/networks';
import { notFound } from '../problem';
import type { UseCase } from '../use-case';
import { requirePerson } from './require-person';
import { auditPerson } from './session-answer';
import { endSessions } from './session-store';

const LONGEST_DEVICE = 200;

interface Row {
  id: string;
  token: string;
  agent: string | null;
  ip: string | null;
  aal: number;
  created_at: Date;
  last_seen_at: Date;
  expires_at: Date;
}

/** Where a person is signed in, last seen first. */
export const listSessions: UseCase<'listSessions'> = async (ctx, signedIn) => {
  const person = requirePerson(signedIn);
  const rows = await singleSql(ctx.auth)<Row>`
    SELECT id, token, "userAgent" AS agent, "ipAddress" AS ip, aal, "createdAt" AS created_at, last_seen_at,
      "expiresAt" AS expires_at
    FROM auth_session WHERE "userId" = ${person.id} AND "expiresAt" > now() ORDER BY last_seen_at DESC, id DESC LIMIT 200`;
  return {
    items: rows.map((row) => ({
      id: row.id,
      current: row.token === person.sessionHash,
      device: (row.agent ?? '').slice(0, LONGEST_DEVICE),
      ip_prefix: row.ip ? prefixOf(row.ip) : '',
      aal: row.aal,
      created_at: row.created_at.toISOString(),
      last_seen_at: row.last_seen_at.toISOString(),
      expires_at: row.expires_at.toISOString(),
    })),
  };
};

/** Ends one of a person's sessions; it opens nothing from the next request on. */
export const revokeSession: UseCase<'revokeSession'> = async (ctx, signedIn, meta, { params }) => {
  const person = requirePerson(signedIn);
  const gone = await singleSql(ctx.auth)`
    DELETE FROM auth_session WHERE id = ${params.session_id} AND "userId" = ${person.id} RETURNING 1 AS one`;
  if (gone.length === 0) throw notFound();
  await auditPerson(ctx, person.id, meta, 'session.delete');
  return undefined;
};

/** Ends all of a person's sessions but the one that asks. */
export const signOutEverywhere: UseCase<'signOutEverywhere'> = async (ctx, signedIn, meta) => {
  const person = requirePerson(signedIn);
  await withSql(ctx.auth, (sql) => endSessions(sql, person.id, person.sessionHash));
  await auditPerson(ctx, person.id, meta, 'session.delete_others');
  return undefined;
};
