import { singleSql } from '@suanxiang/db/tenant';
import type { Actor } from '../access/mutate';
import type { Operator } from '../access/principal';
import type { AppContext } from '../context';
import { notFound } from '../problem';

/** The operator acting inside one organisation, for `mutate`. Throws `not_found` when there is none. */
export async function withinOrganization(ctx: AppContext, operator: Operator, orgId: string): Promise<Actor> {
  const found = await singleSql(ctx.ops)`SELECT id FROM organization WHERE id = ${orgId}`;
  if (found.length === 0) throw notFound();
  return { orgId, actor: operator.actor, authMethod: 'session' };
}
