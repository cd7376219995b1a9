import { exactJson } from '@suanxiang/metering/rating/case-json';
import { readRatingCase } from '@suanxiang/metering/rating/from-cases';
import { rateCase } from '@suanxiang/metering/rating/rate-case';
import { expect } from 'vitest';
import { secondRating } from './second-invoices';

/** 36.00 an hour. */
export const CENT_A_SECOND = '36000000';
/** A time of 5 October 2026. */
export const at = (clock: string) => `2026-10-05T${clock}Z`;

// biome-ignore lint/suspicious/noExplicitAny: raw cases
export type Json = any;

/** A price row of SKU g; 1 cent a second unless told otherwise. */
export const price = (fields: Json = {}) => {
  const row = { sku: 'g', from: '2016-01-01T00:00:00Z', ...fields };
  return fields.tiers ? row : { micro_per_gpu_hour: CENT_A_SECOND, ...row };
};
/** An allocation of one GPU for 100 seconds from 10:00:00. */
export const lease = (fields: Json = {}) => {
  const times = { start: at('10:00:00'), end: at('10:01:40') };
  return { id: 'a1', sku: 'g', gpus: 1, mode: 'allocated', ...times, ...fields };
};

/** A case of one account in USD and UTC, invoiced for October 2026. */
export function caseOf(fields: Json): Json {
  return {
    id: 'T',
    kind: 'rating',
    price_book: [price()],
    allocations: [lease()],
    invoices: [{ id: 'INV1', month: '2026-10' }],
    ...fields,
    account: { id: 'acct', currency: 'USD', exponent: 2, time_zone: 'UTC', ...fields.account },
  };
}

/** Rates a case of months, which the second rater would take second by second for minutes. */
export function rateOnce(fields: Json): Json {
  return JSON.parse(exactJson(rateCase(readRatingCase(caseOf(fields)))));
}

/** Rates a case with both raters, which must agree. */
export function rate(fields: Json): Json {
  const first = rateOnce(fields);
  expect(first).toStrictEqual(secondRating(caseOf(fields)));
  return first;
}

/** Amounts of an invoice's lines by key. */
export const amounts = (fields: Json, invoice = 'INV1') =>
  Object.fromEntries(rate(fields).invoices[invoice].lines.map((line: Json) => [line.key, line.amount_minor]));
/** Exact amount of the first line. */
export const exact = (fields: Json) => rate(fields).invoices.INV1.lines[0].exact_minor;
