import { z } from 'zod';
import { currency, idOf, money, timestamp } from './common';

const amountText = z.string().regex(/^\d{1,9}(\.\d{1,3})?$/, 'a decimal amount, for example "500.00"');
const words = z.string().trim().min(1).max(200);
const days = z.number().int().min(1).max(3650);

const couponCode = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z0-9][A-Z0-9-]{3,31}$/, 'letters, digits and -, 4 to 32 characters, like SPRING-2026');

export const redeemCouponBody = z.strictObject({ coupon_code: couponCode });

export const createCouponBody = z.strictObject({
  coupon_code: couponCode,
  currency: currency.describe('Accounts in this currency can redeem it'),
  amount: amountText.describe('Promotional credit for each account'),
  reason: words.describe('What the customer reads beside the credit'),
  most_redemptions: z.number().int().min(1).max(1_000_000).describe('By so many accounts, each of them once'),
  redeem_until: timestamp,
  credit_days: days.nullable().default(null).describe('How long the credit lasts from then on; null: for ever'),
});

export const coupon = z
  .object({
    id: idOf('coupon'),
    coupon_code: z.string(),
    amount: money,
    reason: z.string(),
    most_redemptions: z.number().int(),
    redemptions: z.number().int(),
    redeem_until: timestamp,
    credit_days: z.number().int().nullable(),
    status: z
      .enum(['active', 'awaiting_second', 'ended', 'expired', 'used_up'])
      .describe('awaiting_second: in all it may give more than one operator may grant'),
    created_by: z.string(),
    created_at: timestamp,
    approved_by: z.string().nullable(),
    ended_by: z.string().nullable(),
    ended_at: timestamp.nullable(),
  })
  .meta({ id: 'Coupon' });

export const proposeCreditBody = z.strictObject({
  amount: amountText,
  reason: words,
  priority: z.number().int().min(0).max(1000).default(10),
  credit_days: days.nullable().default(null).describe('null: for ever'),
});
export const creditProposal = z
  .object({
    id: idOf('creditProposal'),
    org_id: idOf('organization'),
    organization_name: z.string(),
    amount: money,
    reason: z.string(),
    priority: z.number().int(),
    credit_days: z.number().int().nullable(),
    status: z.enum(['pending', 'approved', 'denied']),
    proposed_by: z.string(),
    created_at: timestamp,
    decided_by: z.string().nullable(),
    decided_at: timestamp.nullable(),
    answer: z.string().nullable(),
  })
  .meta({ id: 'CreditProposal' });
export const creditProposalsQuery = z.strictObject({ status: z.enum(['open', 'decided']).default('open') });
export const denyCreditBody = z.strictObject({ reason: words });
