import { singleSql } from '@suanxiang/db/tenant';
import type { AppContext } from './context';

/** Throws when the tenants' database does not answer. */
export async function pingDb(ctx: AppContext): Promise<void> {
  await singleSql(ctx.api)`SELECT 1 AS one`;
}
