import type { Sql } from '@suanxiang/db/sql';
import { mintId } from '@suanxiang/domain/ids';
import type { Burnt, Credit } from '../rating/credits';

/** A grant of promotional credit with what is left of it. */
export interface Grant extends Credit {
  currency: string;
  amountMinor: bigint;
  reason: string;
}

interface GrantRow {
  id: string;
  currency: string;
  amount: string;
  burnt: string;
  priority: number;
  effective_s: string;
  expires_s: string | null;
  granted_s: string;
  reason: string;
}

/** Every grant of organisations in their currency, in their order, each one's oldest first. What void invoices had burnt is there again. */
export async function grantsOfEach(sql: Sql, orgs: readonly { orgId: string; currency: string }[]): Promise<Grant[][]> {
  const rows = await sql<GrantRow & { part: number }>`
    SELECT o.part::int, g.id, g.currency, g.amount_minor::text AS amount, g.priority, g.effective_s::text, g.expires_s::text,
      g.granted_s::text, g.reason, (SELECT coalesce(sum(b.amount_minor), 0) FROM credit_burn b
        JOIN invoice i ON i.org_id = b.org_id AND i.id = b.invoice_id AND i.status = 'final'
        WHERE b.org_id = g.org_id AND b.grant_id = g.id)::text AS burnt
    FROM unnest(${orgs.map((org) => org.orgId)}::text[], ${orgs.map((org) => org.currency)}::text[])
      WITH ORDINALITY AS o(org_id, currency, part)
    JOIN credit_grant g ON g.org_id = o.org_id AND g.currency = o.currency ORDER BY o.part, g.granted_s, g.id`;
  const found = orgs.map((): Grant[] => []);
  for (const row of rows) found[row.part - 1]!.push(toGrant(row));
  return found;
}

/** The same of one organisation. */
export async function grantsOf(sql: Sql, orgId: string, currency: string): Promise<Grant[]> {
  const [grants] = await grantsOfEach(sql, [{ orgId, currency }]);
  return grants!;
}

function toGrant(row: GrantRow): Grant {
  return {
    id: row.id,
    kind: 'promo',
    currency: row.currency,
    amountMinor: BigInt(row.amount),
    remainingMinor: BigInt(row.amount) - BigInt(row.burnt),
    priority: row.priority,
    effectiveS: Number(row.effective_s),
    expiresS: row.expires_s === null ? null : Number(row.expires_s),
    grantedS: Number(row.granted_s),
    reason: row.reason,
  };
}

export interface NewGrant {
  orgId: string;
  currency: string;
  amountMinor: bigint;
  priority: number;
  effectiveS: number;
  expiresS: number | null;
  grantedS: number;
  reason: string;
  grantedBy: string;
}

/** Grants promotional credit. Throws RangeError for an amount or a span that is none. Returns its id. */
export async function grantCredit(sql: Sql, grant: NewGrant, nowMs: number): Promise<string> {
  if (grant.amountMinor <= 0n) throw new RangeError('a grant needs an amount above 0');
  if (grant.expiresS !== null && grant.expiresS <= grant.effectiveS) {
    throw new RangeError('a grant must expire after it becomes effective');
  }
  const id = mintId('creditGrant', nowMs);
  await sql`
    INSERT INTO credit_grant (id, org_id, currency, amount_minor, priority, effective_s, expires_s, granted_s, reason,
      granted_by)
    VALUES (${id}, ${grant.orgId}, ${grant.currency}, ${grant.amountMinor}::bigint, ${grant.priority}::int,
      ${grant.effectiveS}::bigint, ${grant.expiresS}::bigint, ${grant.grantedS}::bigint, ${grant.reason}, ${grant.grantedBy})`;
  return id;
}

/** What an invoice has burnt. */
export interface InvoiceBurn {
  orgId: string;
  invoiceId: string;
  burnt: Burnt;
}

/** Writes what invoices have burnt; the database refuses a grant that is overdrawn. */
export async function burnGrants(sql: Sql, invoices: readonly InvoiceBurn[]): Promise<void> {
  const burns = invoices.flatMap(({ orgId, invoiceId, burnt }) =>
    [...burnt].map(([grantId, minor]) => ({ orgId, invoiceId, grantId, minor: minor.toString() })),
  );
  if (burns.length === 0) return;
  await sql`
    INSERT INTO credit_burn (grant_id, invoice_id, org_id, amount_minor)
    SELECT * FROM unnest(${burns.map((burn) => burn.grantId)}::text[], ${burns.map((burn) => burn.invoiceId)}::text[],
      ${burns.map((burn) => burn.orgId)}::text[], ${burns.map((burn) => burn.minor)}::bigint[])`;
}

/** What of the grants can still be used at a second, in minor units. */
export function usableMinor(grants: readonly Credit[], atS: number): bigint {
  return grants
    .filter((grant) => (grant.effectiveS ?? 0) <= atS && atS < (grant.expiresS ?? Infinity))
    .reduce((total, grant) => total + grant.remainingMinor, 0n);
}

/** Sum of what was burnt. */
export function burntTotal(burnt: Burnt): bigint {
  return [...burnt.values()].reduce((total, minor) => total + minor, 0n);
}
