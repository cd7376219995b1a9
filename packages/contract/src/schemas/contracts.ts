import { z } from 'zod';
import { bilingual, decimal, displayName, idOf, money, timestamp } from './common';
import { monthText } from './price-books';

const percent = z.string().regex(/^\d{1,2}(\.\d{1,4})?$/, 'percent, for example "12.5"');
const priceText = z
  .string()
  .regex(/^\d{1,6}(\.\d{1,6})?$/, 'a decimal price per accelerator-hour, for example "18.36"');

const model = z
  .enum(['discount', 'graduated', 'volume'])
  .describe(
    'discount: off the list price; graduated: each band at its price; volume: all of it at the band it ends in',
  );
const bandBody = z.strictObject({
  up_to_hours: z
    .number()
    .int()
    .min(1)
    .max(1_000_000_000)
    .nullable()
    .describe('Accelerator-hours of the month; null: no end'),
  price: priceText.describe('Per accelerator-hour'),
});
const entryBody = z.strictObject({
  sku: z.string().min(1).max(120).nullable().describe('null: every SKU that no other entry names; only for a discount'),
  model,
  discount_percent: percent.nullable().default(null),
  bands: z.array(bandBody).max(20).default([]),
});
const note = z.string().trim().max(1000);
const amount = z.string().regex(/^\d{1,8}(\.\d{1,3})?$/);
export const createContractBody = z.strictObject({
  name: displayName,
  note: note.default(''),
  from_month: monthText.describe('First month, which must not have begun when it is published'),
  until_month: monthText.nullable().default(null).describe('Month after the last; null: until other terms follow'),
  commitment: amount.nullable().default(null).describe('Least spend of each month, before tax'),
  prices: z.array(entryBody).max(200).default([]),
});
export const updateContractBody = z.strictObject({
  name: displayName.optional(),
  note: note.optional(),
  from_month: monthText.optional(),
  until_month: monthText.nullable().optional(),
  commitment: amount.nullable().optional(),
  prices: z.array(entryBody).max(200).optional().describe('In the place of all entries so far'),
});
export const contractsQuery = z.strictObject({ organization_id: idOf('organization').optional() });

const entry = z.object({
  sku: z.string().nullable(),
  name: bilingual,
  model,
  discount_percent: decimal.nullable(),
  bands: z.array(z.object({ up_to_hours: z.number().int().nullable(), price: decimal })),
  list_price: decimal.nullable().describe('Of one SKU now; null: of all, or nothing is sold yet'),
});
const terms = z.object({
  id: idOf('contract'),
  name: z.string(),
  from: timestamp,
  until: timestamp.nullable().describe('null: until other terms follow'),
  commitment: money.nullable(),
  prices: z.array(entry),
  digest: z.string().describe('SHA-256 of the terms; they stand in every invoice that was rated by them'),
});

export const contract = terms
  .extend({
    org_id: z.string(),
    organization_name: z.string(),
    note: z.string(),
    status: z
      .enum(['draft', 'awaiting_second', 'published', 'discarded'])
      .describe('awaiting_second: one operator has agreed, another one publishes it'),
    from_month: z.string(),
    until_month: z.string().nullable(),
    created_by: z.string(),
    created_at: timestamp,
    updated_at: timestamp,
    first_approved_by: z.string().nullable(),
    first_approved_at: timestamp.nullable(),
    published_by: z.string().nullable(),
    published_at: timestamp.nullable(),
  })
  .meta({ id: 'Contract' });

export const contractPreviewQuery = z.strictObject({
  month: monthText.optional().describe('Default: the month before this one'),
});
export const contractPreview = z
  .object({
    month: z.string(),
    before: money.describe('As the month was rated; before promotional credit and tax'),
    after: money.describe('As if these terms had been in force all month'),
    difference: money,
    by_sku: z.array(
      z.object({
        sku: z.string().nullable().describe('null: what lacked to the commitment'),
        accelerator_hours: z.number(),
        before: money,
        after: money,
        difference: money,
      }),
    ),
  })
  .meta({ id: 'ContractPreview' });

/** What an account has agreed on, as its people see it. */
export const billingTerms = z
  .object({
    current: terms.nullable().describe('null: list prices'),
    upcoming: z.array(terms),
    commitment: z
      .object({
        committed: money,
        spent: money.describe('Of the running period so far, before promotional credit and tax'),
        missing: money.describe('What the shortfall line would be if the period ended now'),
        period_from: timestamp,
        period_to: timestamp,
      })
      .nullable(),
  })
  .meta({ id: 'BillingTerms' });
