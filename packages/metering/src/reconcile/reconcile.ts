import type { Sql } from '@suanxiang/db/sql';
import { readBooked } from './booked';
import type { ClosedPeriod, Difference } from './difference';
import { creditNotesThatDiffer, invoicesThatDiffer } from './documents';
import { evidenceWithoutLease, leasesWithoutEvidence, refusedEvidence } from './evidence';
import { leasesNotBilled, secondsThatDiffer } from './lines';
import { balancesThatDiffer, journalsWithoutDocument, paymentsThatDiffer, providerDifferences } from './payments';

export interface Reconciliation {
  /** How much was compared: closed periods, their invoices, payments. */
  periods: number;
  invoices: number;
  payments: number;
  differences: Difference[];
}

/** Closed periods; the month is that of their start in their own time zone. */
async function closedPeriods(sql: Sql, orgId: string | null, month: string | null): Promise<ClosedPeriod[]> {
  const rows = await sql<Record<'org_id' | 'from_s' | 'to_s', string>>`
    SELECT org_id, from_s::text, to_s::text FROM billing_period WHERE status = 'final'
      AND (${orgId}::text IS NULL OR org_id = ${orgId}::text)
      AND (${month}::text IS NULL OR to_char(to_timestamp(from_s) AT TIME ZONE time_zone, 'YYYY-MM') = ${month}::text)
    ORDER BY org_id, billing_period.from_s`;
  return rows.map((row) => ({ orgId: row.org_id, fromS: Number(row.from_s), toS: Number(row.to_s) }));
}

async function organizations(sql: Sql, orgId: string | null): Promise<string[]> {
  const rows = await sql<{ id: string }>`
    SELECT id FROM organization WHERE ${orgId}::text IS NULL OR id = ${orgId}::text ORDER BY id`;
  return rows.map(({ id }) => id);
}

/**
 * Compares leases, evidence, invoices, the ledger and the provider's events with one another, for one organisation or all
 * (null), one month (`2026-10`) or ever (null), and names everything that differs. Books, balances and journals are compared as
 * a whole whatever the month, because they run through. Reads only; the caller's role sees all organisations.
 */
export async function reconcile(
  sql: Sql,
  scope: { orgId: string | null; month: string | null },
): Promise<Reconciliation> {
  const { orgId, month } = scope;
  const periods = await closedPeriods(sql, orgId, month);
  const orgs = await organizations(sql, orgId);
  const booked = await readBooked(sql, orgs);
  const invoices = await invoicesThatDiffer(sql, periods, booked);
  const payments = await paymentsThatDiffer(sql, orgs, month, booked);
  const differences = [
    ...(await leasesWithoutEvidence(sql, periods)),
    ...(await evidenceWithoutLease(sql, periods)),
    ...(orgId === null ? await refusedEvidence(sql, month) : []),
    ...(await leasesNotBilled(sql, periods)),
    ...(await secondsThatDiffer(sql, periods)),
    ...invoices.differences,
    ...(await creditNotesThatDiffer(sql, periods, booked)),
    ...payments.differences,
    ...(await journalsWithoutDocument(sql, orgs)),
    ...(await balancesThatDiffer(sql, orgs)),
    ...(await providerDifferences(sql, orgId, month)),
  ];
  return { periods: periods.length, invoices: invoices.invoices, payments: payments.payments, differences };
}
