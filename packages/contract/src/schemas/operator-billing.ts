import { z } from 'zod';
import { idOf, money, timestamp } from './common';
import { creditGrant } from './money';
import { monthText } from './price-books';

const runState = z
  .enum(['draft', 'sealed', 'failed', 'finalised'])
  .describe(
    'draft: late usage still counts; sealed: it does not, and the run is due; failed: the last try did not close it',
  );

export const billingRunsQuery = z.strictObject({
  month: monthText
    .optional()
    .describe('Periods that began in this month of their own time zone; default: the last one'),
  state: runState.optional(),
});
const billingRun = z.object({
  org_id: z.string(),
  organization_name: z.string(),
  mode: z.enum(['live', 'sandbox']),
  state: runState,
  period_from: timestamp,
  period_to: timestamp,
  seals_at: timestamp.describe('From then on no usage is added'),
  invoice_id: z.string().nullable(),
  invoice_number: z.string().nullable().describe('null: there was nothing to invoice, or it is not final'),
  total: money.nullable(),
  attempts: z.number().int(),
  failure: z.string().nullable().describe('What stood in the way at the last try'),
  last_attempt_at: timestamp.nullable(),
  last_attempt_ms: z.number().int().nullable().describe('How long the last try took'),
});
export const billingRuns = z
  .object({
    month: z.string(),
    counts: z.object({
      draft: z.number().int(),
      sealed: z.number().int(),
      failed: z.number().int(),
      finalised: z.number().int(),
    }),
    first_finalised_at: timestamp.nullable(),
    last_finalised_at: timestamp.nullable(),
    longest_ms: z.number().int().nullable(),
    items: z.array(billingRun).describe('Failed ones first, then sealed, draft and finalised ones; 500 at most'),
  })
  .meta({ id: 'BillingRuns' });
export const retryBillingRunBody = z.strictObject({ organization_id: idOf('organization') });

const day = z.string().regex(/^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'a day like 2026-10-31');
export const revenueQuery = z.strictObject({
  from: day.describe('First day, UTC'),
  to: day.describe('Last day, UTC; at most 62 days by day, 366 by month'),
  step: z.enum(['day', 'month']).default('day'),
  by: z.enum(['sku', 'region', 'vendor']).default('sku'),
});
const figures = {
  group: z.string(),
  revenue: z.array(money).describe('Priced usage in each currency, before promotional credit, tax and corrections'),
  allocated_hours: z.number().describe('Accelerator-hours that were leased'),
  capacity_hours: z.number().describe('Accelerator-hours of the devices that are there now'),
  allocated_ppm: z.number().int().nullable().describe('Leased share of the capacity'),
  utilization_ppm: z.number().int().nullable().describe('Mean of what was measured while leased; null: nothing was'),
  idle_ppm: z
    .number()
    .int()
    .nullable()
    .describe('Share of the measured, leased time in hours below 5 % of utilization'),
};
export const revenue = z
  .object({
    from: z.string(),
    to: z.string(),
    step: z.enum(['day', 'month']),
    by: z.enum(['sku', 'region', 'vendor']),
    totals: z.array(money),
    groups: z.array(z.object(figures)).describe('Over the whole span'),
    buckets: z.array(z.object({ bucket: z.string().describe('Day or month, UTC'), ...figures })),
  })
  .meta({ id: 'OperatorRevenue' });

const accountInvoice = z.object({
  id: z.string(),
  number: z.string(),
  status: z.enum(['final', 'void']),
  period_from: timestamp,
  period_to: timestamp,
  total: money,
  paid: money,
  due: money,
  promotional: money,
  credited: money,
  creditable: money.describe('What a credit note may still give back, before tax where tax is added'),
  void_refusal: z
    .enum(['is_void', 'has_credit_notes', 'is_corrected'])
    .nullable()
    .describe('Why it cannot be voided; null: it can'),
});
const accountPayment = z.object({
  id: z.string(),
  reference: z.string(),
  provider: z.enum(['manual', 'sandbox', 'stripe']),
  amount: money,
  refunded: money,
  refundable: money.describe('What may be sent back by hand: at most the balance'),
  settled_at: timestamp.nullable(),
});
export const accountBilling = z
  .object({
    org_id: z.string(),
    balance: money,
    available: money,
    owed: money,
    promotional: money,
    mode: z.enum(['prepaid', 'postpaid']),
    credit_limit: money,
    stage: z.enum(['ok', 'low_3d', 'low_1d', 'grace', 'frozen', 'released']),
    one_operator_limit: money.describe('Credit above this takes two operators'),
    invoices: z.array(accountInvoice).describe('The latest 50'),
    payments: z.array(accountPayment).describe('The latest 50 that have arrived'),
    credits: z.array(creditGrant),
  })
  .meta({ id: 'AccountBilling' });

const amountText = z.string().regex(/^\d{1,9}(\.\d{1,3})?$/, 'a decimal amount, for example "500.00"');
const words = z.string().trim().min(1).max(200);
export const creditInvoiceBody = z.strictObject({
  amount: amountText.describe('Before tax where tax is added'),
  reason: words.describe('Printed on the credit note'),
});
export const issuedNote = z
  .object({
    id: z.string(),
    number: z.string(),
    invoice_id: z.string(),
    total: money,
    settled: money,
    to_balance: money,
  })
  .meta({ id: 'IssuedCreditNote' });
export const refundBody = z.strictObject({ amount: amountText, reason: words });
export const refundedPayment = z
  .object({ id: z.string(), org_id: z.string(), amount: money, refunded: money })
  .meta({ id: 'RefundedPayment' });
