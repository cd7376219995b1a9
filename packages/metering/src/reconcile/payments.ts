import type { Sql } from '@suanxiang/db/sql';
import { type Currency, minorToMicro } from '@suanxiang/domain/money';
import type { Booked } from './booked';
import { type Difference, type DifferenceCode, type DifferenceRow, toDifference } from './difference';

interface PaymentRow {
  id: string;
  org_id: string;
  reference: string;
  status: string;
  currency: Currency;
  amount: string;
  refunded: string;
}

function pairsOf(row: PaymentRow, booked: Booked): [DifferenceCode, bigint, bigint][] {
  const paid = row.status === 'succeeded' ? minorToMicro(BigInt(row.amount), row.currency) : 0n;
  const found = booked.micro('top_up', 'payment', row.id, 'cash');
  const code = paid !== 0n && found === 0n ? 'payment_not_in_ledger' : 'payment_differs_from_ledger';
  const refunded = minorToMicro(BigInt(row.refunded), row.currency);
  return [
    [code, paid, found],
    ['refund_differs_from_ledger', refunded, -booked.micro('refund', 'refund', row.id, 'cash')],
  ];
}

/** Payments begun in a month (of the organisation's time zone; null: ever) against the books. */
export async function paymentsThatDiffer(
  sql: Sql,
  orgs: readonly string[],
  month: string | null,
  booked: Booked,
): Promise<{ payments: number; differences: Difference[] }> {
  const rows = await sql<PaymentRow>`
    SELECT p.id, p.org_id, p.reference, p.status, p.currency, p.amount_minor::text AS amount,
      p.refunded_minor::text AS refunded
    FROM payment p JOIN organization o ON o.id = p.org_id
    WHERE p.org_id = ANY (${[...orgs]}::text[])
      AND (${month}::text IS NULL OR to_char(p.created_at AT TIME ZONE o.time_zone, 'YYYY-MM') = ${month}::text)
    ORDER BY p.org_id, p.created_at, p.id`;
  const differences = rows.flatMap((row) =>
    pairsOf(row, booked)
      .filter(([, expected, found]) => expected !== found)
      .map(([code, expected, found]) => ({
        code,
        orgId: row.org_id,
        fromS: null,
        subject: row.id,
        related: row.reference,
        expected: String(expected),
        found: String(found),
      })),
  );
  return { payments: rows.length, differences };
}

/** Journals whose invoice, credit note or payment does not exist. */
export async function journalsWithoutDocument(sql: Sql, orgs: readonly string[]): Promise<Difference[]> {
  const rows = await sql<DifferenceRow>`
    SELECT j.org_id, NULL::text AS from_s, j.id AS subject, j.idem_key AS related, NULL::text AS expected,
      NULL::text AS found
    FROM journal j WHERE j.org_id = ANY (${[...orgs]}::text[]) AND CASE j.kind
      WHEN 'invoice' THEN NOT EXISTS (SELECT 1 FROM invoice i WHERE i.id = split_part(j.idem_key, ':', 2)
        AND i.org_id = j.org_id)
      WHEN 'credit_note' THEN NOT EXISTS (SELECT 1 FROM credit_note n WHERE n.id = split_part(j.idem_key, ':', 2)
        AND n.org_id = j.org_id)
      WHEN 'top_up' THEN NOT EXISTS (SELECT 1 FROM payment p WHERE p.id = split_part(j.idem_key, ':', 2)
        AND p.org_id = j.org_id)
      ELSE false END
    ORDER BY 1, 3`;
  return rows.map(toDifference('journal_without_document'));
}

/** Balances that are not the sum of their entries. */
export async function balancesThatDiffer(sql: Sql, orgs: readonly string[]): Promise<Difference[]> {
  const rows = await sql<DifferenceRow>`
    WITH e AS (SELECT org_id, account, currency, sum(micro) AS micro FROM ledger_entry
        WHERE org_id = ANY (${[...orgs]}::text[]) GROUP BY 1, 2, 3),
      b AS (SELECT org_id, account, currency, micro FROM ledger_balance WHERE org_id = ANY (${[...orgs]}::text[]))
    SELECT org_id, NULL::text AS from_s, org_id AS subject, account || ' ' || currency AS related,
      coalesce(e.micro, 0)::text AS expected, coalesce(b.micro, 0)::text AS found
    FROM e FULL JOIN b USING (org_id, account, currency) WHERE coalesce(e.micro, 0) <> coalesce(b.micro, 0)
    ORDER BY 1, 4`;
  return rows.map(toDifference('balance_differs'));
}

/**
 * What the provider has told of payments and is not so here. `orgId` limits it to the account that the provider names; the
 * month is one of UTC.
 */
export async function providerDifferences(sql: Sql, orgId: string | null, month: string | null): Promise<Difference[]> {
  const rows = await sql<DifferenceRow & { known: boolean }>`
    SELECT DISTINCT ON (e.payload->'data'->'object'->>'id')
      coalesce(p.org_id, e.payload->'data'->'object'->'metadata'->>'account_id') AS org_id, NULL::text AS from_s,
      coalesce(p.id, e.payload->'data'->'object'->>'id') AS subject, e.id AS related,
      replace(e.type, 'payment_intent.', '') AS expected, p.status AS found, p.id IS NOT NULL AS known
    FROM provider_event e
    LEFT JOIN payment p ON p.provider_ref = e.payload->'data'->'object'->>'id'
      OR p.id = e.payload->'data'->'object'->'metadata'->>'payment_id'
    WHERE e.type LIKE 'payment\\_intent.%' AND e.done_at IS NOT NULL
      AND (p.id IS NULL OR (e.type = 'payment_intent.succeeded' AND p.status <> 'succeeded'))
      AND (${orgId}::text IS NULL
        OR coalesce(p.org_id, e.payload->'data'->'object'->'metadata'->>'account_id') = ${orgId}::text)
      AND (${month}::text IS NULL OR to_char(e.received_at AT TIME ZONE 'UTC', 'YYYY-MM') = ${month}::text)
    ORDER BY e.payload->'data'->'object'->>'id', e.received_at DESC, e.id`;
  return rows.map(({ known, ...row }) =>
    toDifference(known ? 'provider_payment_unsettled' : 'provider_payment_unknown')(row),
  );
}
