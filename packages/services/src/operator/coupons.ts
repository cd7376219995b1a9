import type { coupon } from '@suanxiang/contract/schemas/coupons';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql } from '@suanxiang/db/tenant';
import { parseTimestamp } from '@suanxiang/domain/calendar';
import { oneOperatorCreditMinor } from '@suanxiang/domain/credit-limits';
import { ProblemError } from '@suanxiang/domain/errors';
import { mintId } from '@suanxiang/domain/ids';
import type { Currency } from '@suanxiang/domain/money';
import type { z } from 'zod';
import { amountMinor } from '../billing/amount-text';
import { minorMoney } from '../money';
import { notFound, unusable } from '../problem';
import type { UseCase } from '../use-case';
import { mutateAsOperator } from './mutate-as-operator';
import { requireSecondOperator } from './two-operators';

type Answer = z.input<typeof coupon>;

interface Row {
  id: string;
  code: string;
  currency: Currency;
  amount: string;
  reason: string;
  most: number;
  redeemed: number;
  redeem_until: Date;
  over: boolean;
  credit_days: number | null;
  status: 'active' | 'awaiting_second' | 'ended';
  created_by: string;
  created_at: Date;
  approved_by: string | null;
  ended_by: string | null;
  ended_at: Date | null;
}

const MOST = 200;

function readAll(sql: Sql, id: string | null): Promise<Row[]> {
  return sql<Row>`
    SELECT id, code, currency, amount_minor::text AS amount, reason, most, redeemed, redeem_until, redeem_until <= now() AS over,
      credit_days, status, created_by, created_at, approved_by, ended_by, ended_at FROM coupon
    WHERE ${id}::text IS NULL OR id = ${id} ORDER BY created_at DESC, id DESC LIMIT ${MOST}`;
}

function statusOf({ status, over, redeemed, most }: Row): Answer['status'] {
  if (status !== 'active') return status;
  if (over) return 'expired';
  return redeemed >= most ? 'used_up' : 'active';
}

function answerOf(row: Row): Answer {
  return {
    id: row.id,
    coupon_code: row.code,
    amount: minorMoney(BigInt(row.amount), row.currency),
    reason: row.reason,
    most_redemptions: row.most,
    redemptions: row.redeemed,
    redeem_until: row.redeem_until.toISOString(),
    credit_days: row.credit_days,
    status: statusOf(row),
    created_by: row.created_by,
    created_at: row.created_at.toISOString(),
    approved_by: row.approved_by,
    ended_by: row.ended_by,
    ended_at: row.ended_at?.toISOString() ?? null,
  };
}

/** Takes a code for this transaction. Throws `not_found`. */
async function lock(sql: Sql, id: string): Promise<Row> {
  await sql`SELECT id FROM coupon WHERE id = ${id} FOR UPDATE`;
  const [row] = await readAll(sql, id);
  if (!row) throw notFound();
  return row;
}

/** Codes, newest first. */
export const operatorCoupons: UseCase<'operatorCoupons'> = async (ctx) => ({
  items: (await readAll(singleSql(ctx.ops), null)).map(answerOf),
});

/** Creates a code. What it may give in all decides whether a second operator has to agree first. */
export const operatorCreateCoupon: UseCase<'operatorCreateCoupon'> = (ctx, operator, meta, { body }) =>
  mutateAsOperator<Answer>(ctx, operator, meta, 'coupon.create', async (sql) => {
    const minor = amountMinor(body.amount, body.currency, '/body/amount');
    const untilS = parseTimestamp(body.redeem_until);
    if (untilS * 1000 <= meta.nowMs) {
      const detail = 'Must lie ahead, or nobody could redeem the code.';
      throw unusable([{ pointer: '/body/redeem_until', code: 'past', detail }]);
    }
    const isLarge = minor * BigInt(body.most_redemptions) > oneOperatorCreditMinor(body.currency);
    const id = mintId('coupon', meta.nowMs);
    const made = await sql`
      INSERT INTO coupon (id, code, currency, amount_minor, reason, most, redeem_until, credit_days, status, created_by)
      VALUES (${id}, ${body.coupon_code}, ${body.currency}, ${minor}::bigint, ${body.reason}, ${body.most_redemptions}::int,
        to_timestamp(${untilS}::bigint), ${body.credit_days}::int, ${isLarge ? 'awaiting_second' : 'active'}, ${operator.actor})
      ON CONFLICT (code) DO NOTHING RETURNING id`;
    if (made.length === 0) {
      throw new ProblemError('name_taken', `The code ${body.coupon_code} exists already.`, {
        errors: [{ pointer: '/body/coupon_code', code: 'taken', detail: 'Codes are never used twice.' }],
      });
    }
    const [row] = await readAll(sql, id);
    const { coupon_code, amount, most_redemptions, status } = answerOf(row!);
    return { answer: answerOf(row!), resource: id, detail: { coupon_code, amount, most_redemptions, status } };
  });

/** The second operator agrees to a large code. */
export const operatorApproveCoupon: UseCase<'operatorApproveCoupon'> = (ctx, operator, meta, { params }) =>
  mutateAsOperator<Answer>(ctx, operator, meta, 'coupon.approve', async (sql) => {
    const { id, status, created_by, code } = await lock(sql, params.coupon_id);
    if (status !== 'awaiting_second') {
      throw new ProblemError('conflict', 'This code does not wait for a second operator.', {
        members: { state: status },
      });
    }
    requireSecondOperator(
      created_by,
      operator.actor,
      'A code of this size takes two operators, and you were the first.',
    );
    await sql`UPDATE coupon SET status = 'active', approved_by = ${operator.actor} WHERE id = ${id}`;
    return { answer: answerOf(await lock(sql, id)), resource: id, detail: { coupon_code: code } };
  });

/** Ends a code: nobody redeems it any more, and what was redeemed stays. */
export const operatorEndCoupon: UseCase<'operatorEndCoupon'> = (ctx, operator, meta, { params }) =>
  mutateAsOperator<Answer>(ctx, operator, meta, 'coupon.end', async (sql) => {
    const { id, status, code } = await lock(sql, params.coupon_id);
    if (status === 'ended') throw new ProblemError('conflict', 'This code has ended already.');
    await sql`UPDATE coupon SET status = 'ended', ended_by = ${operator.actor}, ended_at = now() WHERE id = ${id}`;
    return { answer: answerOf(await lock(sql, id)), resource: id, detail: { coupon_code: code } };
  });
