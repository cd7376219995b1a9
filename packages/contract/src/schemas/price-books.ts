import { z } from 'zod';
import { bilingual, currency, decimal, displayName, idOf, money, timestamp } from './common';

const priceText = z
  .string()
  .regex(/^\d{1,6}(\.\d{1,6})?$/, 'a decimal price per accelerator-hour, for example "18.36"');

export const monthText = z.string().regex(/^20\d\d-(0[1-9]|1[0-2])$/, 'a month like 2026-10');

const soldPrice = z.object({
  sku: z.string(),
  name: bilingual,
  accelerator_id: z.string(),
  region_id: z.string(),
  currency,
});

/** A price as it is in force, and the one that follows it. */
export const priceInForce = soldPrice
  .extend({
    price: decimal.describe('Per accelerator-hour'),
    min_seconds: z.number().int(),
    since: timestamp,
    next_price: decimal.nullable(),
    next_from: timestamp.nullable(),
  })
  .meta({ id: 'PriceInForce' });

const entryBody = z.strictObject({
  sku: z.string().min(1).max(120),
  currency,
  price: priceText.describe('Per accelerator-hour'),
  min_seconds: z.number().int().min(0).max(3600).default(60).describe('Least billed seconds of a start'),
  from: timestamp.nullable().default(null).describe('When it begins to hold; null: as soon as the book is published'),
});
const note = z.string().trim().max(1000);
export const createPriceBookBody = z.strictObject({
  name: displayName,
  note: note.default(''),
  prices: z.array(entryBody).max(500).default([]),
});
export const updatePriceBookBody = z.strictObject({
  name: displayName.optional(),
  note: note.optional(),
  prices: z.array(entryBody).max(500).optional().describe('In the place of all prices so far'),
});

export const priceBookSummary = z
  .object({
    id: idOf('priceBook'),
    name: z.string(),
    note: z.string(),
    status: z
      .enum(['draft', 'awaiting_second', 'published', 'discarded'])
      .describe('awaiting_second: one operator has agreed, another one publishes it'),
    version: z.number().int().nullable().describe('Given when it is published'),
    price_count: z.number().int(),
    created_by: z.string(),
    created_at: timestamp,
    updated_at: timestamp,
    first_approved_by: z.string().nullable(),
    first_approved_at: timestamp.nullable(),
    published_by: z.string().nullable(),
    published_at: timestamp.nullable(),
  })
  .meta({ id: 'PriceBookSummary' });

const bookPrice = soldPrice.extend({
  price: decimal,
  min_seconds: z.number().int(),
  from: timestamp.nullable(),
  price_before: decimal
    .nullable()
    .describe('In force now, or when the book was published; null: it is the first price'),
  change_ppm: z.number().int().nullable().describe('Change in parts per million of the price before'),
});
const warning = z.object({ pointer: z.string(), code: z.string(), text: bilingual });

export const priceBook = priceBookSummary
  .extend({
    prices: z.array(bookPrice),
    warnings: z.array(warning).describe('What is allowed and may not be meant'),
  })
  .meta({ id: 'PriceBook' });

const effect = {
  before: money.describe('At the prices that were in force; before promotional credit and tax'),
  after: money.describe("As if the draft's latest price of each SKU had been in force all month"),
  difference: money,
};
export const pricePreviewQuery = z.strictObject({
  month: monthText.optional().describe('Default: the month before this one'),
});
export const pricePreview = z
  .object({
    month: z.string(),
    organizations: z.number().int().describe('Live organizations that used anything in the month'),
    organizations_affected: z.number().int(),
    by_currency: z.array(z.object(effect)),
    by_sku: z.array(z.object({ sku: z.string(), accelerator_hours: z.number(), ...effect })),
    most_affected: z
      .array(z.object({ org_id: z.string(), organization_name: z.string(), ...effect }))
      .describe('In each currency the 20 whose bill would change most'),
  })
  .meta({ id: 'PricePreview' });
