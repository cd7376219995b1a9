import type { Db } from '@suanxiang/db/client';
import { withSql } from '@suanxiang/db/tenant';
import { mintId } from '@suanxiang/domain/ids';
import { toStoredPrice } from '@suanxiang/metering/prices/contracts';
import type { Contract } from '@suanxiang/metering/rating/contract';
import type { TestOrg } from './billing-db';

/** Puts published terms into force, as two operators would have. Returns their id. */
export async function agree(worker: Db, org: TestOrg, terms: Omit<Contract, 'id'>): Promise<string> {
  const id = mintId('contract', terms.fromS * 1000);
  const prices = { prices: terms.prices.map(toStoredPrice) };
  const month = (atS: number) => new Date(atS * 1000).toISOString().slice(0, 7);
  await withSql(
    worker,
    (sql) => sql`
      INSERT INTO contract (id, org_id, name, status, currency, from_month, until_month, from_s, to_s, commitment_minor, prices,
        digest, created_by, first_approved_by, first_approved_at, published_by, published_at)
      VALUES (${id}, ${org.orgId}, 'Test', 'published', ${org.currency}, ${month(terms.fromS)},
        ${terms.toS === null ? null : month(terms.toS)}::text, ${terms.fromS}::bigint, ${terms.toS}::bigint,
        ${terms.commitmentMinor}::bigint, (${prices}::jsonb)->'prices', 'test', 'operator:a', 'operator:a', now(),
        'operator:b', now())`,
  );
  return id;
}
