import { withOrgSql } from '@suanxiang/db/tenant';
import { listPage } from '../access/list-page';
import type { UseCase } from '../use-case';
import { type EventRow, eventAnswer, readEvents } from './read-events';

/** What changed, newest first, as far as the caller may hear of it. */
export const listEvents: UseCase<'listEvents'> = async (ctx, principal, _meta, { query }) => {
  const { orgId } = principal;
  const { rows, end } = await listPage<EventRow>(ctx, {
    orgId,
    operationId: 'listEvents',
    query,
    parts: 2,
    positionOf: (row) => [row.txid, row.seq],
    fetch: (after, take) =>
      withOrgSql(ctx.api, orgId, (sql) =>
        readEvents(sql, principal, query, after && { txid: after[0]!, seq: after[1]! }, false, take),
      ),
    count: async () => 0,
  });
  return { items: rows.map(eventAnswer), ...end };
};
