import type { priorityClass } from '@suanxiang/contract/schemas/queue';
import type { Sql } from '@suanxiang/db/sql';
import { withOrgSql } from '@suanxiang/db/tenant';
import type { z } from 'zod';
import { unusable } from '../problem';
import type { UseCase } from '../use-case';

interface Row {
  id: string;
  rank: number;
  name_en: string;
  name_zh: string;
  is_default: boolean;
}

/** All classes, highest first. */
export function readPriorityClasses(sql: Sql): Promise<Row[]> {
  return sql<Row>`SELECT id, rank, name_en, name_zh, is_default FROM priority_class ORDER BY rank DESC`;
}

/** A class as the API shows it. */
export function priorityClassAnswer(row: Row): z.input<typeof priorityClass> {
  return { id: row.id, name: { en: row.name_en, zh: row.name_zh }, rank: row.rank, is_default: row.is_default };
}

/** The highest rank that the organisation may use: what operators set, else that of the default class. */
async function topRank(sql: Sql, orgId: string): Promise<number> {
  const [row] = await sql<{ rank: number }>`
    SELECT rank FROM priority_class WHERE id = coalesce(
      (SELECT top_priority_class FROM share_setting WHERE org_id = ${orgId} AND node_id = ${orgId}),
      (SELECT id FROM priority_class WHERE is_default))`;
  return row?.rank ?? 0;
}

/** Classes with whether the organisation may use them. */
export const listPriorityClasses: UseCase<'listPriorityClasses'> = (ctx, { orgId }) =>
  withOrgSql(ctx.api, orgId, async (sql) => {
    const top = await topRank(sql, orgId);
    const classes = await readPriorityClasses(sql);
    return { items: classes.map((row) => ({ ...priorityClassAnswer(row), allowed: row.rank <= top })) };
  });

/**
 * The class that a request gets: the one it names, else the default. Throws `unprocessable` for one that does not exist or
 * that the organisation may not use.
 */
export async function resolvePriorityClass(sql: Sql, orgId: string, wanted: string | null): Promise<string> {
  const classes = await readPriorityClasses(sql);
  if (wanted === null) return classes.find((one) => one.is_default)?.id ?? 'normal';
  const found = classes.find((one) => one.id === wanted);
  const pointer = '/body/priority_class';
  const remedy = 'GET /v1/priority-classes lists what can be used.';
  if (!found) throw unusable([{ pointer, code: 'not_found', detail: 'There is no such priority class.' }], remedy);
  if (found.rank > (await topRank(sql, orgId))) {
    throw unusable([{ pointer, code: 'not_allowed', detail: 'Your organization may not use this class.' }], remedy);
  }
  return wanted;
}
