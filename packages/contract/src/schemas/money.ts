import { z } from 'zod';
import { bilingual, displayName, idOf, money, timestamp } from './common';

const amountText = z.string().regex(/^\d{1,9}(\.\d{1,3})?$/, 'a decimal amount, for example "500.00"');

/** What happens when the money runs out, in the order in which it happens. */
export const arrearsStep = z.object({
  stage: z.enum(['low_3d', 'low_1d', 'grace', 'frozen', 'released']),
  after_seconds: z.number().int().describe('low_*: left at the present rate; else: since the stage before began'),
  what: bilingual,
});

export const autoTopUp = z.object({
  enabled: z.boolean(),
  threshold: money.describe('Asked for when available falls below this'),
  amount: money,
  cool_off_seconds: z.number().int().describe('Least time between two requests'),
  daily_max: money.nullable().describe('Most that is asked for in 24 hours; null: no limit'),
});

export const billingSettings = z
  .object({
    mode: z.enum(['prepaid', 'postpaid']),
    credit_limit: money.describe('Postpaid: how far available may fall below 0'),
    auto_top_up: autoTopUp,
    stage: z.enum(['ok', 'low_3d', 'low_1d', 'grace', 'frozen', 'released']),
    stage_since: timestamp.nullable(),
    when_it_runs_out: z.array(arrearsStep),
  })
  .meta({ id: 'BillingSettings' });

export const updateBillingSettingsBody = z.strictObject({
  auto_top_up: z.strictObject({
    enabled: z.boolean(),
    threshold: amountText.optional(),
    amount: amountText.optional(),
    cool_off_seconds: z.number().int().min(0).max(604_800).optional(),
    daily_max: amountText.nullable().optional(),
  }),
});

export const creditGrant = z
  .object({
    id: idOf('creditGrant'),
    reason: z.string(),
    amount: money,
    remaining: money.describe('After issued invoices'),
    expired: money.describe('What was left when it expired'),
    priority: z.number().int().describe('Burns in rising order, then by expiry'),
    effective_at: timestamp,
    expires_at: timestamp.nullable(),
    granted_at: timestamp,
  })
  .meta({ id: 'CreditGrant' });

export const budgetView = z
  .object({
    id: idOf('budget'),
    name: z.string(),
    project_id: z.string().nullable().describe('null: all projects'),
    api_key_id: z.string().nullable().describe('Only what this API key has launched; null: everything'),
    amount: money.describe('For one billing period'),
    thresholds: z.array(z.number().int()).describe('Percent of the amount'),
    hard: z
      .boolean()
      .describe(
        'A spend cap: what runs in its scope ends, and costs nothing more, at the second in which it is reached',
      ),
    spent: money,
    forecast: money.describe('At the end of the period, if all goes on as it is'),
    stops_at: timestamp
      .nullable()
      .describe('hard: when the cap is reached if all goes on as it is; null: not in this period'),
    period_from: timestamp,
    period_to: timestamp,
  })
  .meta({ id: 'Budget' });

export const createBudgetBody = z.strictObject({
  name: displayName,
  project_id: idOf('project').optional(),
  api_key_id: idOf('apiKey').optional().describe('Only what this API key has launched'),
  amount: amountText,
  thresholds: z.array(z.number().int().min(1).max(1000)).min(1).max(10).default([50, 80, 100]),
  hard: z.boolean().default(false),
});

export const updateBudgetBody = z.strictObject({
  name: displayName.optional(),
  amount: amountText.optional(),
  thresholds: z.array(z.number().int().min(1).max(1000)).min(1).max(10).optional(),
  hard: z.boolean().optional(),
});

export const billingEvent = z
  .object({
    id: idOf('billingEvent'),
    kind: z.enum([
      'stage_changed',
      'budget_reached',
      'budget_forecast',
      'cap_reached',
      'idle_warned',
      'idle_stopped',
      'auto_top_up_requested',
    ]),
    at: timestamp,
    text: bilingual,
  })
  .meta({ id: 'BillingEvent' });

export const operatorGrantBody = z.strictObject({
  amount: amountText,
  reason: z.string().trim().min(1).max(200),
  priority: z.number().int().min(0).max(1000).default(10),
  expires_in_days: z.number().int().min(1).max(3650).optional().describe('Default: never'),
});

export const operatorTermsBody = z.strictObject({
  mode: z.enum(['prepaid', 'postpaid']),
  credit_limit: amountText.default('0'),
});
export const operatorTerms = z
  .object({ org_id: z.string(), mode: z.enum(['prepaid', 'postpaid']), credit_limit: money })
  .meta({ id: 'OperatorTerms' });

export const operatorVoidBody = z.strictObject({
  reason: z.string().trim().min(1).max(200),
  reissue: z.boolean().default(false).describe('Invoice the period again under a new number'),
});
export const voidedInvoice = z
  .object({ id: z.string(), number: z.string(), status: z.literal('void') })
  .meta({ id: 'VoidedInvoice' });

export const paymentMethod = z
  .object({
    id: idOf('paymentMethod'),
    status: z.enum(['pending', 'requires_action', 'active', 'failed', 'detached']),
    brand: z.string().nullable(),
    last4: z.string().nullable(),
    exp_month: z.number().int().nullable(),
    exp_year: z.number().int().nullable(),
    is_default: z.boolean(),
    redirect_url: z.string().nullable().describe('The page on which the customer saves it'),
    created_at: timestamp,
  })
  .meta({ id: 'PaymentMethod' });
export const addPaymentMethodBody = z.strictObject({
  return_url: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .describe('Where the customer comes back to'),
});
export const payInvoiceBody = z.strictObject({
  method: z.enum(['card', 'alipay', 'wechat_pay']),
  payment_method_id: idOf('paymentMethod').optional().describe('A saved card; default: the default one'),
  return_url: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .describe('Where the customer comes back to'),
});

export const forecast = z
  .object({
    period_from: timestamp,
    period_to: timestamp,
    spent: money.describe('Usage of the running period, before promotional credit and tax'),
    forecast: money.describe('The same at the end of the period, if all goes on as it is'),
    burn_per_hour: money,
    runway_seconds: z.number().int().nullable().describe('How long the money lasts at this rate; null: nothing runs'),
    runs_out_at: timestamp.nullable().describe('When it is used up, if that is before the end of the period'),
  })
  .meta({ id: 'Forecast' });
