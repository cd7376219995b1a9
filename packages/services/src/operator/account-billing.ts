import type { accountBilling } from '@suanxiang/contract/schemas/operator-billing';
import type { Sql } from '@suanxiang/db/sql';
import { withOrgSql } from '@suanxiang/db/tenant';
import { formatTimestamp } from '@suanxiang/domain/calendar';
import { oneOperatorCreditMinor } from '@suanxiang/domain/credit-limits';
import { type Currency, microToMinor } from '@suanxiang/domain/money';
import { grantsOf } from '@suanxiang/metering/credit/grants';
import { creditable } from '@suanxiang/metering/invoices/credit-notes';
import { voidRefusalOf } from '@suanxiang/metering/invoices/void-invoice';
import { accountBalance } from '@suanxiang/metering/ledger/balance';
import { type BilledOrg, billedOrg } from '@suanxiang/metering/periods';
import type { z } from 'zod';
import { grantAnswer } from '../billing/list-credit-grants';
import { readSettings } from '../billing/settings';
import { minorMoney, roundedMoney } from '../money';
import type { UseCase } from '../use-case';
import { withinOrganization } from './within-organization';

type Answer = z.input<typeof accountBilling>;
type InvoiceRow = Record<
  'id' | 'number' | 'currency' | 'from_s' | 'to_s' | 'total' | 'paid' | 'due' | 'promo' | 'credited',
  string
> & { status: 'final' | 'void' };

const MOST = 50;

async function invoicesOf(sql: Sql, org: BilledOrg): Promise<Answer['invoices']> {
  const rows = await sql<InvoiceRow>`
    SELECT i.id, i.number, i.status, i.currency, i.from_s::text, i.to_s::text, i.total_minor::text AS total,
      i.paid_minor::text AS paid, i.due_minor::text AS due, i.promo_minor::text AS promo,
      coalesce((SELECT sum(n.total_minor) FROM credit_note n WHERE n.org_id = i.org_id AND n.invoice_id = i.id), 0)::text AS credited
    FROM invoice i WHERE i.org_id = ${org.orgId} AND i.number IS NOT NULL
    ORDER BY i.from_s DESC, i.issued_at DESC LIMIT ${MOST}`;
  const shown: Answer['invoices'] = [];
  for (const row of rows) {
    const money = (minor: string) => minorMoney(BigInt(minor), row.currency);
    const left = (await creditable(sql, org.orgId, row.id)) ?? 0n;
    shown.push({
      id: row.id,
      number: row.number,
      status: row.status,
      period_from: formatTimestamp(Number(row.from_s)),
      period_to: formatTimestamp(Number(row.to_s)),
      total: money(row.total),
      paid: money(row.paid),
      due: money(row.due),
      promotional: money(row.promo),
      credited: money(row.credited),
      creditable: minorMoney(left, row.currency),
      void_refusal: row.status === 'void' ? 'is_void' : await voidRefusalOf(sql, org.orgId, row.id),
    });
  }
  return shown;
}

async function paymentsOf(sql: Sql, orgId: string, balanceMinor: bigint): Promise<Answer['payments']> {
  const rows = await sql<
    Record<'id' | 'reference' | 'currency' | 'amount' | 'refunded', string> & {
      provider: Answer['payments'][number]['provider'];
      settled_at: Date | null;
    }
  >`
    SELECT id, reference, provider, currency, amount_minor::text AS amount, refunded_minor::text AS refunded, settled_at
    FROM payment WHERE org_id = ${orgId} AND status = 'succeeded' ORDER BY settled_at DESC, id DESC LIMIT ${MOST}`;
  return rows.map((row) => {
    const left = BigInt(row.amount) - BigInt(row.refunded);
    const most = left < balanceMinor ? left : balanceMinor;
    const refundable = row.provider === 'stripe' || most < 0n ? 0n : most;
    return {
      id: row.id,
      reference: row.reference,
      provider: row.provider,
      amount: minorMoney(BigInt(row.amount), row.currency),
      refunded: minorMoney(BigInt(row.refunded), row.currency),
      refundable: minorMoney(refundable, row.currency),
      settled_at: row.settled_at?.toISOString() ?? null,
    };
  });
}

/** One account's money and documents, with what may still be done about each. */
export const operatorAccountBilling: UseCase<'operatorAccountBilling'> = async (ctx, operator, _meta, { params }) => {
  const { orgId } = await withinOrganization(ctx, operator, params.organization_id);
  return withOrgSql(ctx.api, orgId, async (sql) => {
    const org = await billedOrg(sql, orgId);
    const found = await accountBalance(sql, orgId);
    const { mode, credit_limit, stage } = await readSettings(sql, orgId);
    const currency = org.currency as Currency;
    return {
      org_id: orgId,
      balance: roundedMoney(found.balanceMicro, currency),
      available: roundedMoney(found.availableMicro, currency),
      owed: minorMoney(found.owedMinor, currency),
      promotional: minorMoney(found.promoMinor, currency),
      mode,
      credit_limit,
      stage,
      one_operator_limit: minorMoney(oneOperatorCreditMinor(currency), currency),
      invoices: await invoicesOf(sql, org),
      payments: await paymentsOf(sql, orgId, microToMinor(found.balanceMicro, currency)),
      credits: (await grantsOf(sql, orgId, currency)).map((grant) => grantAnswer(grant, org.nowS)),
    };
  });
};
