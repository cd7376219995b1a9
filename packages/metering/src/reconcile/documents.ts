import type { Sql } from '@suanxiang/db/sql';
import { type Currency, minorToMicro } from '@suanxiang/domain/money';
import type { LedgerAccount } from '../ledger/post-journal';
import type { Booked } from './booked';
import { type ClosedPeriod, columnsOf, type Difference, type DifferenceCode } from './difference';

interface InvoiceRow {
  id: string;
  org_id: string;
  from_s: string;
  number: string;
  status: string;
  currency: Currency;
  subtotal: string;
  tax: string;
  total: string;
  paid: string;
  due: string;
  lines: string;
  settled: string;
}

const ACCOUNTS: readonly LedgerAccount[] = [
  'wallet',
  'receivable',
  'revenue',
  'rounding',
  'promotional',
  'cash',
  'tax_payable',
];

/** What of a voided invoice is still booked, by account. */
function leftOfVoid(booked: Booked, id: string): [LedgerAccount, bigint][] {
  return ACCOUNTS.map((account): [LedgerAccount, bigint] => [
    account,
    booked.micro('invoice', 'invoice', id, account) +
      booked.micro('invoice_payment', 'invoice', id, account) +
      booked.micro('void', 'void', id, account),
  ]).filter(([, micro]) => micro !== 0n);
}

/** Pairs of an invoice that must be equal: what it says, and what its lines and the books say. */
function pairsOf(row: InvoiceRow, booked: Booked): [DifferenceCode, string, bigint, bigint][] {
  const { id, currency } = row;
  const micro = (minor: string | bigint) => minorToMicro(BigInt(minor), currency);
  if (row.status === 'void') {
    return leftOfVoid(booked, id).map(([account, left]) => ['void_not_reversed', account, 0n, left]);
  }
  const receivable = booked.micro('invoice', 'invoice', id, 'receivable');
  const isMissing = row.total !== '0' && !booked.has('invoice', id);
  const code = isMissing ? 'invoice_not_in_ledger' : 'invoice_differs_from_ledger';
  const pairs: [DifferenceCode, string, bigint, bigint][] = [
    ['invoice_lines_differ', row.number, micro(row.subtotal), micro(row.lines)],
    [code, 'receivable', micro(row.total), receivable],
    ['invoice_paid_differs', 'paid', micro(row.paid), -booked.micro('invoice_payment', 'invoice', id, 'receivable')],
    ['invoice_paid_differs', 'due', micro(BigInt(row.total) - BigInt(row.paid) - BigInt(row.settled)), micro(row.due)],
  ];
  if (!isMissing)
    pairs.push([code, 'tax_payable', micro(row.tax), -booked.micro('invoice', 'invoice', id, 'tax_payable')]);
  return pairs;
}

/** Invoices of the periods against their own lines and the books. */
export async function invoicesThatDiffer(
  sql: Sql,
  periods: readonly ClosedPeriod[],
  booked: Booked,
): Promise<{ invoices: number; differences: Difference[] }> {
  const { orgs, froms } = columnsOf(periods);
  const rows = await sql<InvoiceRow>`
    SELECT i.id, i.org_id, i.from_s::text, i.number, i.status, i.currency, i.subtotal_minor::text AS subtotal,
      i.tax_minor::text AS tax, i.total_minor::text AS total, i.paid_minor::text AS paid, i.due_minor::text AS due,
      coalesce((SELECT sum(amount_minor) FROM invoice_line l WHERE l.org_id = i.org_id AND l.invoice_id = i.id), 0)::text
        AS lines,
      coalesce((SELECT sum(settled_minor) FROM credit_note n WHERE n.org_id = i.org_id AND n.invoice_id = i.id), 0)::text
        AS settled
    FROM unnest(${orgs}::text[], ${froms}::bigint[]) AS p(org_id, from_s)
    JOIN invoice i ON i.org_id = p.org_id AND i.from_s = p.from_s ORDER BY i.org_id, i.from_s, i.id`;
  const differences = rows.flatMap((row) =>
    pairsOf(row, booked)
      .filter(([, , expected, found]) => expected !== found)
      .map(([code, related, expected, found]) => ({
        code,
        orgId: row.org_id,
        fromS: Number(row.from_s),
        subject: row.id,
        related,
        expected: String(expected),
        found: String(found),
      })),
  );
  return { invoices: rows.length, differences };
}

/** Credit notes on invoices of the periods against the books: what they gave back lowered a receivable or fed a wallet. */
export async function creditNotesThatDiffer(
  sql: Sql,
  periods: readonly ClosedPeriod[],
  booked: Booked,
): Promise<Difference[]> {
  const { orgs, froms } = columnsOf(periods);
  const rows = await sql<Record<'id' | 'org_id' | 'from_s' | 'number' | 'total', string> & { currency: Currency }>`
    SELECT n.id, n.org_id, i.from_s::text, n.number, n.total_minor::text AS total, n.currency
    FROM unnest(${orgs}::text[], ${froms}::bigint[]) AS p(org_id, from_s)
    JOIN invoice i ON i.org_id = p.org_id AND i.from_s = p.from_s
    JOIN credit_note n ON n.org_id = i.org_id AND n.invoice_id = i.id ORDER BY n.org_id, n.id`;
  const micro = (id: string, account: LedgerAccount) => booked.micro('credit_note', 'credit_note', id, account);
  return rows
    .map((row) => ({
      code: 'credit_note_differs_from_ledger' as const,
      orgId: row.org_id,
      fromS: Number(row.from_s),
      subject: row.id,
      related: row.number,
      expected: String(-minorToMicro(BigInt(row.total), row.currency)),
      found: String(micro(row.id, 'receivable') + micro(row.id, 'wallet')),
    }))
    .filter(({ expected, found }) => expected !== found);
}
