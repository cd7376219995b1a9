import type { OperationId } from '@suanxiang/contract/routes';
import { withSql } from '@suanxiang/db/tenant';
import { addMonths, monthAt, monthBounds } from '@suanxiang/domain/calendar';
import { ingestBlocks } from '@suanxiang/metering/ingest/ingest-blocks';
import { finalizeDuePeriods } from '@suanxiang/metering/invoices/finalize';
import { replayInvoice } from '@suanxiang/metering/invoices/proof';
import { listInvoices, readInvoice } from '@suanxiang/metering/invoices/read';
import {
  operatorQuarantine,
  operatorQuarantined,
  operatorReadmitEvidence,
  operatorRejectEvidence,
} from '@suanxiang/services/operator/quarantine';
import type { UseCase } from '@suanxiang/services/use-case';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { block, createOrg, lease, minutes, type TestOrg, ZONE } from '../../metering/test/support/billing-db';
import { call, openPlane, operator, type Plane } from './support/plane';

let plane: Plane;
let org: TestOrg;
const nowS = Math.floor(Date.now() / 1000);
const month = monthAt(nowS, 'UTC');
const before = monthBounds(addMonths(month, -1), 'UTC');
const second = { ...operator, id: 'oper_second', actor: 'operator:oper_second' };
beforeAll(async () => {
  plane = await openPlane();
  org = await createOrg(plane.db.worker, { createdAt: new Date(before.fromS * 1000).toISOString() });
});
afterAll(() => plane?.close());

const as = <Id extends OperationId>(id: Id, useCase: UseCase<Id>, input: object, who: unknown = operator) =>
  call(plane, id, useCase, who as never, input);
const held = async () => (await as('operatorQuarantine', operatorQuarantine, { query: { status: 'held' } })).items;
const of = (id: string) => ({ params: { quarantine_id: id }, body: { reason: 'the agent was offline' } });
const readmit = (id: string, who: unknown = operator) =>
  as('operatorReadmitEvidence', operatorReadmitEvidence, of(id), who);
const deliver = (records: ReturnType<typeof minutes>, atS: number) =>
  withSql(plane.db.worker, (sql) => ingestBlocks(sql, ZONE, records, atS * 1000));

test('late minutes wait in one group, two operators take them in, and the next invoice adjusts the month they are of', async () => {
  // The last day of a month that is closed; refused, because they come more than 35 days later.
  const startS = before.toS - 7200;
  const endS = before.toS - 3600;
  const { allocationId } = await lease(plane.db.worker, org, { startS, endS, mode: 'utilization' });
  await finalizeDuePeriods(plane.db.worker, (before.toS + 86_400) * 1000, { orgId: org.orgId });
  await deliver(
    minutes(allocationId, startS, endS, () => 1_000_000),
    endS + 36 * 86_400,
  );
  const [group] = (await held()).filter((one) => one.allocation_id === allocationId);
  expect(group).toMatchObject({ reason: 'late', blocks: 60, can_readmit: true, takes_two: true, org_id: org.orgId });
  expect(Date.parse(group!.first_minute!) / 1000).toBe(startS);
  const detail = await as('operatorQuarantined', operatorQuarantined, { params: { quarantine_id: group!.id } });
  expect(detail.sample).toHaveLength(60);
  expect(detail.sample[0]).toMatchObject({ bytes: 120, revision: 0 });

  expect(await readmit(group!.id)).toMatchObject({ status: 'held', taken_in: 0, proposed_by: operator.actor });
  await expect(readmit(group!.id)).rejects.toMatchObject({ extra: { members: { reason: 'second_person' } } });
  const done = await readmit(group!.id, second);
  expect(done).toMatchObject({ status: 'readmitted', taken_in: 60, still_refused: 0, decided_by: second.actor });
  await expect(readmit(group!.id, second)).rejects.toMatchObject({ code: 'conflict' });

  // They have arrived in the month that runs: its invoice bills them, as what that earlier month lacked.
  await finalizeDuePeriods(plane.db.worker, (monthBounds(month, 'UTC').toS + 86_400) * 1000, { orgId: org.orgId });
  const found = await listInvoices(plane.sql, org.orgId, { limit: 10 });
  const [newest, old] = found;
  const { lines } = (await readInvoice(plane.sql, org.orgId, newest!.id))!;
  expect(lines.map(({ key, amountMinor }) => [key, amountMinor])).toEqual([
    [`adjustment:${old!.id}:usage:${allocationId}`, 249n],
  ]);
  for (const { id } of found) expect((await replayInvoice(plane.sql, org.orgId, id))!.findings).toEqual([]);
});

test('of a lease that is billed by time one operator decides; what is damaged is only rejected', async () => {
  const startS = nowS - (nowS % 60) - 3600;
  const { allocationId } = await lease(plane.db.worker, org, { startS, endS: null });
  await deliver([block(allocationId, startS + 86_400 - (startS % 60), 500)], startS);
  await deliver([{ ...block(allocationId, startS, 500), digest: 'f'.repeat(64) }], nowS);
  const own = (await held()).filter((one) => one.allocation_id === allocationId);
  const [future, damaged] = ['future', 'bad_digest'].map((reason) => own.find((one) => one.reason === reason)!);
  expect(future).toMatchObject({ takes_two: false, can_readmit: true });
  // It still lies ahead: an operator cannot overrule that.
  expect(await readmit(future!.id)).toMatchObject({ taken_in: 0, still_refused: 1, status: 'held' });
  await expect(readmit(damaged!.id)).rejects.toMatchObject({ extra: { members: { reason: 'bad_digest' } } });
  const rejected = await as('operatorRejectEvidence', operatorRejectEvidence, of(damaged!.id));
  expect(rejected).toMatchObject({ status: 'rejected', note: 'the agent was offline', can_readmit: false });
  expect((await held()).map(({ id }) => id)).not.toContain(damaged!.id);
});
