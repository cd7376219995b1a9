import type { OperationId } from '@suanxiang/contract/routes';
import { getBalance } from '@suanxiang/services/billing/get-balance';
import { listCreditGrants } from '@suanxiang/services/billing/list-credit-grants';
import { redeemCoupon } from '@suanxiang/services/billing/redeem-coupon';
import { operatorGrantCredit } from '@suanxiang/services/operator/account-money';
import {
  operatorApproveCoupon,
  operatorCoupons,
  operatorCreateCoupon,
  operatorEndCoupon,
} from '@suanxiang/services/operator/coupons';
import {
  operatorApproveCredit,
  operatorCreditProposals,
  operatorDenyCredit,
  operatorProposeCredit,
} from '@suanxiang/services/operator/credit-proposals';
import type { UseCase } from '@suanxiang/services/use-case';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOrg, type TestOrg } from '../../metering/test/support/billing-db';
import { call, openPlane, operator, type Plane, principalOf } from './support/plane';

let plane: Plane;
const second = { ...operator, id: 'oper_second', actor: 'operator:oper_second' };
beforeAll(async () => {
  plane = await openPlane();
});
afterAll(() => plane?.close());

const as = <Id extends OperationId>(id: Id, useCase: UseCase<Id>, input: object, who = operator) =>
  call(plane, id, useCase, who as never, input);
let count = 0;
const create = (over: object = {}) => {
  count += 1;
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  const body = {
    coupon_code: `spring-${count}`,
    currency: 'USD',
    amount: '25.00',
    reason: 'Spring',
    most_redemptions: 3,
    redeem_until: tomorrow,
    credit_days: 90,
    ...over,
  };
  return as('operatorCreateCoupon', operatorCreateCoupon, { body });
};
const redeem = (org: TestOrg, code: string) =>
  call(plane, 'redeemCoupon', redeemCoupon, principalOf(org), { body: { coupon_code: code } });
const refusedAs = (code: string) => ({ code: 'unprocessable', extra: { errors: [{ code }] } });
const promo = async (org: TestOrg) =>
  (await call(plane, 'getBalance', getBalance, principalOf(org))).promotional.amount;
const newOrg = (over: object = {}) => createOrg(plane.db.worker, over);
const found = async (id: string) =>
  (await as('operatorCoupons', operatorCoupons, {})).items.find((one) => one.id === id)!;

describe('a code', () => {
  test('is redeemed once by an account, in any case of its letters, for credit that expires', async () => {
    const { id, coupon_code } = await create();
    const org = await newOrg();
    const granted = await redeem(org, coupon_code.toLowerCase());
    expect(granted).toMatchObject({ reason: 'Spring', remaining: { amount: '25.00', currency: 'USD' } });
    expect(Date.parse(granted.expires_at!) - Date.parse(granted.granted_at)).toBe(90 * 86_400_000);
    await expect(redeem(org, coupon_code)).rejects.toMatchObject(refusedAs('already_redeemed'));
    expect(await promo(org)).toBe('25.00');
    expect((await call(plane, 'listCreditGrants', listCreditGrants, principalOf(org))).items).toHaveLength(1);
    expect(await found(id)).toMatchObject({ redemptions: 1, status: 'active' });
  });

  test('ten tries of one account at the same time are one redemption', async () => {
    const { id, coupon_code } = await create();
    const org = await newOrg();
    const tries = await Promise.allSettled(Array.from({ length: 10 }, () => redeem(org, coupon_code)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await promo(org)).toBe('25.00');
    expect(await found(id)).toMatchObject({ redemptions: 1 });
  });

  test('of eight accounts at the same time three get what was made for three', async () => {
    const { id, coupon_code } = await create();
    const orgs = await Promise.all(Array.from({ length: 8 }, () => newOrg()));
    const tries = await Promise.allSettled(orgs.map((org) => redeem(org, coupon_code)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    const refused = tries.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    for (const error of refused) expect(error).toMatchObject(refusedAs('used_up'));
    expect(await found(id)).toMatchObject({ redemptions: 3, status: 'used_up' });
    const rows = await plane.sql`SELECT org_id FROM coupon_redemption WHERE coupon_id = ${id}`;
    expect(rows).toHaveLength(3);
  });

  test('says why it is of no use', async () => {
    const org = await newOrg();
    await expect(redeem(org, 'NO-SUCH-CODE')).rejects.toMatchObject(refusedAs('unknown'));
    const yuan = await create({ currency: 'CNY' });
    await expect(redeem(org, yuan.coupon_code)).rejects.toMatchObject(refusedAs('other_currency'));
    const over = await create();
    const { default: pg } = await import('pg');
    const admin = new pg.Client({ connectionString: plane.db.database.adminUrl });
    await admin.connect();
    await admin.query(`UPDATE coupon SET redeem_until = now() - interval '1 second' WHERE id = $1`, [over.id]);
    await admin.end();
    await expect(redeem(org, over.coupon_code)).rejects.toMatchObject(refusedAs('expired'));
    expect((await found(over.id)).status).toBe('expired');
    const ended = await create();
    await as('operatorEndCoupon', operatorEndCoupon, { params: { coupon_id: ended.id } });
    await expect(redeem(org, ended.coupon_code)).rejects.toMatchObject(refusedAs('ended'));
    const sandbox = await newOrg({ mode: 'sandbox' });
    await expect(redeem(sandbox, (await create()).coupon_code)).rejects.toMatchObject(refusedAs('sandbox'));
    expect(await promo(org)).toBe('0.00');
  });

  test('that may give more than one operator may grant works after a second one agreed', async () => {
    const large = await create({ amount: '100', most_redemptions: 71 });
    expect(large.status).toBe('awaiting_second');
    const org = await newOrg();
    await expect(redeem(org, large.coupon_code)).rejects.toMatchObject(refusedAs('unknown'));
    const approve = (who = operator) =>
      as('operatorApproveCoupon', operatorApproveCoupon, { params: { coupon_id: large.id } }, who);
    await expect(approve()).rejects.toMatchObject({
      code: 'conflict',
      extra: { members: { reason: 'second_person' } },
    });
    expect(await approve(second)).toMatchObject({ status: 'active', approved_by: second.actor });
    await redeem(org, large.coupon_code);
    await expect(approve(second)).rejects.toMatchObject({ code: 'conflict' });
    await expect(create({ coupon_code: large.coupon_code })).rejects.toMatchObject({ code: 'name_taken' });
  });
});

describe('large credit', () => {
  const grant = (org: TestOrg, amount: string, who = operator) => {
    const input = { params: { organization_id: org.orgId }, body: { amount, reason: 'Sorry' } };
    return as('operatorGrantCredit', operatorGrantCredit, input, who);
  };
  const propose = (org: TestOrg, amount: string) => {
    const input = { params: { organization_id: org.orgId }, body: { amount, reason: 'Outage', credit_days: 30 } };
    return as('operatorProposeCredit', operatorProposeCredit, input);
  };
  const byProposal = (id: string) => ({ params: { credit_proposal_id: id } });

  test('is not granted by one operator, at once or in pieces', async () => {
    const org = await newOrg();
    const alone = { code: 'conflict', extra: { members: { reason: 'second_person' } } };
    await expect(grant(org, '7000.01')).rejects.toMatchObject(alone);
    await grant(org, '4000');
    await expect(grant(org, '3000.01')).rejects.toMatchObject(alone);
    await grant(org, '3000');
    expect(await promo(org)).toBe('7000.00');
  });

  test('is proposed by one and granted by another, once', async () => {
    const org = await newOrg();
    const { id } = await propose(org, '20000');
    expect(await promo(org)).toBe('0.00');
    const approve = (who = operator) => as('operatorApproveCredit', operatorApproveCredit, byProposal(id), who);
    await expect(approve()).rejects.toMatchObject({ code: 'conflict' });
    const tries = await Promise.allSettled(Array.from({ length: 5 }, () => approve(second)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await promo(org)).toBe('20000.00');
    const { items } = await as('operatorCreditProposals', operatorCreditProposals, { query: { status: 'decided' } });
    expect(items.find((one) => one.id === id)).toMatchObject({ status: 'approved', decided_by: second.actor });
    const audited = await plane.sql<{ action: string; actor: string }>`
      SELECT action, actor FROM audit_event WHERE org_id = ${org.orgId} AND resource = ${id} ORDER BY seq`;
    expect(audited).toEqual([
      { action: 'credit_proposal.create', actor: operator.actor },
      { action: 'credit_proposal.approve', actor: second.actor },
    ]);
  });

  test('is denied with a reason, and then not granted', async () => {
    const org = await newOrg();
    const { id } = await propose(org, '9000');
    const input = { ...byProposal(id), body: { reason: 'Not agreed' } };
    expect(await as('operatorDenyCredit', operatorDenyCredit, input)).toMatchObject({
      status: 'denied',
      answer: 'Not agreed',
    });
    await expect(as('operatorApproveCredit', operatorApproveCredit, byProposal(id), second)).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await promo(org)).toBe('0.00');
  });
});
