import { mintId } from '@suanxiang/domain/ids';
import { defaultQueuePolicy } from '@suanxiang/scheduler/queue/policy';
import {
  operatorCreatePriorityClass,
  operatorDeletePriorityClass,
  operatorPriorityClasses,
  operatorUpdatePriorityClass,
} from '@suanxiang/services/operator/priority-classes';
import { operatorQueue } from '@suanxiang/services/operator/queue';
import {
  DEFAULT_POLICY,
  operatorQueuePolicy,
  operatorUpdateQueuePolicy,
  storedPolicy,
} from '@suanxiang/services/operator/queue-policy';
import { operatorShares, operatorUpdateShare } from '@suanxiang/services/operator/shares';
import { getQueueEntry, listQueue } from '@suanxiang/services/queue/list-queue';
import { listPriorityClasses } from '@suanxiang/services/queue/priority-classes';
import { getShares, updateProjectShare } from '@suanxiang/services/share/shares';
import { createInstance } from '@suanxiang/services/workload/create-instance';
import { getWorkload } from '@suanxiang/services/workload/get-workload';
import { updateWorkload } from '@suanxiang/services/workload/update-workload';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOrg, type TestOrg } from '../../metering/test/support/billing-db';
import { addNode } from './support/fleet';
import { call, metaOf, openPlane, operator, type Plane, principalOf } from './support/plane';

const H100 = 'nvidia-h100-80g';
const POOL = { region_id: 'cn-north', accelerator_id: H100 };

let plane: Plane;
let org: TestOrg;
let other: TestOrg;
beforeAll(async () => {
  plane = await openPlane();
  await addNode(plane.sql, 'full', { held: [0, 1, 2, 3, 4, 5, 6, 7] });
  [org, other] = await Promise.all([makeOrg(), makeOrg()]);
});
afterAll(() => plane?.close());

async function makeOrg(): Promise<TestOrg> {
  const made = await createOrg(plane.db.worker, { currency: 'CNY' });
  await plane.sql`
    INSERT INTO quota (org_id, metric, "limit") VALUES (${made.orgId}, 'accelerators', 64), (${made.orgId}, 'workloads', 64)`;
  await plane.sql`
    INSERT INTO ledger_balance (org_id, account, currency, micro) VALUES (${made.orgId}, 'wallet', 'CNY', -1000000000000)
    ON CONFLICT (org_id, account, currency) DO UPDATE SET micro = excluded.micro`;
  return made;
}

let named = 0;
async function launch(over: object = {}, of: TestOrg = org) {
  named += 1;
  const body = { ...POOL, name: `w${named}`, on_capacity: 'queue', ...over };
  return call(plane, 'createInstance', createInstance, principalOf(of), { body, query: {} });
}

/** What a placement round writes of a waiting operation. */
async function explain(id: string, operationId: string, place: number): Promise<void> {
  await plane.sql`
    INSERT INTO queue_entry (operation_id, org_id, project_id, workload_id, region_id, model_id, place, binding, reason,
      estimate_likely_at, estimate_from_at, estimate_to_at, estimate_basis, would_start, waiting_since, refreshed_at)
    SELECT ${operationId}, org_id, project_id, id, region_id, model_id, ${place}, 'capacity',
      ${{ code: 'waiting.capacity', en: 'Waits.', zh: '等待。' }}::jsonb, now() + interval '2 hours', now() + interval '1 hour',
      now() + interval '3 hours', 'queue',
      (${{
        list: [
          { change: 'region', regionId: 'ap-southeast' },
          { change: 'size', nodeCount: 1, gpusPerNode: 4 },
        ],
      }}::jsonb)->'list',
      now(), now()
    FROM workload WHERE id = ${id}`;
}

describe('the queue', () => {
  test('shows its own to each organisation, on the resource too, and everything to operators', async () => {
    const mine = await launch({ gpus: 8, preemptible: true, expected_duration_s: 3600 });
    const theirs = await launch({ gpus: 8 }, other);
    await explain(mine.id, mine.operation!.id, 2);
    await explain(theirs.id, theirs.operation!.id, 1);
    const { items } = await call(plane, 'listQueue', listQueue, principalOf(org), { query: {} });
    expect(items).toMatchObject([
      {
        resource_id: mine.id,
        kind: 'instance',
        place: 2,
        binding: 'capacity',
        gpus_per_node: 8,
        preemptible: true,
        priority_class: 'normal',
        estimate: { basis: 'queue' },
        would_start: [
          { change: 'region', region_id: 'ap-southeast' },
          { change: 'size', node_count: 1, gpus_per_node: 4 },
        ],
      },
    ]);
    const one = { params: { resource_id: mine.id } };
    expect(await call(plane, 'getQueueEntry', getQueueEntry, principalOf(org), one)).toEqual(items[0]);
    const shown = await getWorkload(plane.ctx, principalOf(org), 'instance', mine.id);
    expect(shown).toMatchObject({ waiting: { place: 2, reason: { zh: '等待。' } }, eviction: null, preemptible: true });
    // Another organisation's, a stopped one's and nobody's are the same.
    const unknown = { params: { resource_id: mintId('workloadInstance', 0) } };
    const answers = await Promise.allSettled([
      call(plane, 'getQueueEntry', getQueueEntry, principalOf(other), one),
      call(plane, 'getQueueEntry', getQueueEntry, principalOf(other), unknown),
    ]);
    const [foreign, nobodys] = answers.map((answer) => (answer.status === 'rejected' ? answer.reason : null));
    expect(foreign).toMatchObject({ code: 'not_found' });
    expect(foreign).toEqual(nobodys);
    const all = await call(plane, 'operatorQueue', operatorQueue, operator, { query: {} });
    expect(all.items.map((item) => [item.resource_id, item.place, item.promised])).toEqual([
      [theirs.id, 1, false],
      [mine.id, 2, false],
    ]);
    await plane.sql`UPDATE operation SET status = 'superseded' WHERE id = ${mine.operation!.id}`;
    expect((await call(plane, 'listQueue', listQueue, principalOf(org), { query: {} })).items).toEqual([]);
  });

  test('a change that matters to the queue rings for it', async () => {
    const { id } = await launch({ gpus: 8 });
    await plane.sql`DELETE FROM outbox`;
    const changed = await updateWorkload(plane.ctx, principalOf(org), metaOf(), 'instance', id, { preemptible: true });
    expect(changed).toMatchObject({ preemptible: true });
    expect(await plane.sql`SELECT topic, key FROM outbox`).toEqual([{ topic: 'placement', key: 'cn-north' }]);
  });
});

test('a zone is checked, kept, rung for, and counts alone for what must start at once', async () => {
  // The requests above wait for eight each, and come first.
  for (const id of ['b1', 'b2', 'b3', 'b4']) await addNode(plane.sql, id, { zoneId: 'cn-north-b' });
  await plane.sql`DELETE FROM outbox`;
  const made = await launch({ zone_id: 'cn-north-b', gpus: 4, on_capacity: 'fail' });
  expect(made).toMatchObject({ requested_zone_id: 'cn-north-b' });
  expect(await plane.sql`SELECT key FROM outbox`).toEqual([{ key: 'zone:cn-north-b' }]);
  await expect(launch({ zone_id: 'cn-north-a', on_capacity: 'fail' })).rejects.toMatchObject({
    code: 'capacity_unavailable',
  });
  await expect(launch({ zone_id: 'ap-southeast-a' })).rejects.toMatchObject({
    code: 'unprocessable',
    extra: { errors: [{ pointer: '/body/zone_id' }] },
  });
});

describe('priority classes', () => {
  const classes = () => call(plane, 'listPriorityClasses', listPriorityClasses, principalOf(org));

  test('above the default are for whom operators let', async () => {
    expect((await classes()).items.map((one) => [one.id, one.allowed])).toEqual([
      ['high', false],
      ['normal', true],
      ['low', true],
    ]);
    await expect(launch({ priority_class: 'high' })).rejects.toMatchObject({
      code: 'unprocessable',
      extra: { errors: [{ pointer: '/body/priority_class', code: 'not_allowed' }] },
    });
    const body = { top_priority_class: 'high' };
    const params = { organization_id: org.orgId };
    await call(plane, 'operatorUpdateShare', operatorUpdateShare, operator, { params, body });
    expect(await launch({ priority_class: 'high' })).toMatchObject({ priority_class: 'high' });
    expect((await classes()).items.every((one) => one.allowed)).toBe(true);
  });

  test('are added, ranked, made the default and removed, each with an audit row of the operator', async () => {
    const create = (body: object) =>
      call(plane, 'operatorCreatePriorityClass', operatorCreatePriorityClass, operator, { body });
    const spot = { id: 'spot', rank: 10, name_en: 'Spot', name_zh: '竞价' };
    expect(await create(spot)).toEqual({ id: 'spot', rank: 10, name: { en: 'Spot', zh: '竞价' }, is_default: false });
    await expect(create({ ...spot, rank: 11 })).rejects.toMatchObject({ code: 'name_taken' });
    await expect(create({ ...spot, id: 'other' })).rejects.toMatchObject({ code: 'name_taken' });
    const update = (class_id: string, body: object) =>
      call(plane, 'operatorUpdatePriorityClass', operatorUpdatePriorityClass, operator, { params: { class_id }, body });
    expect(await update('spot', { is_default: true })).toMatchObject({ is_default: true });
    const listed = await call(plane, 'operatorPriorityClasses', operatorPriorityClasses, operator);
    expect(listed.items.filter((one) => one.is_default)).toMatchObject([{ id: 'spot' }]);
    await expect(update('spot', { rank: 100 })).rejects.toMatchObject({ code: 'name_taken' });
    await update('normal', { is_default: true });
    const remove = (class_id: string) =>
      call(plane, 'operatorDeletePriorityClass', operatorDeletePriorityClass, operator, { params: { class_id } });
    await expect(remove('normal')).rejects.toMatchObject({ code: 'conflict' });
    await remove('spot');
    await expect(remove('spot')).rejects.toMatchObject({ code: 'not_found' });
    const rows = await plane.sql<{ action: string }>`
      SELECT action FROM audit_event WHERE org_id = ${operator.actor} AND action LIKE 'priority_class.%' ORDER BY seq`;
    expect(rows.map((row) => row.action)).toEqual([
      'priority_class.create',
      'priority_class.modify',
      'priority_class.modify',
      'priority_class.delete',
    ]);
  });
});

describe('shares', () => {
  const read = (of: TestOrg) => call(plane, 'getShares', getShares, principalOf(of));
  const divide = (of: TestOrg, project_id: string, body: object) =>
    call(plane, 'updateProjectShare', updateProjectShare, principalOf(of), { params: { project_id }, body });

  test('are the usual ones before anybody says otherwise', async () => {
    const { organization, projects } = await read(other);
    expect(organization).toMatchObject({ weight: 100, guaranteed: [], version: 0, top_priority_class: null });
    expect(projects.map((one) => one.node_id)).toEqual([other.projectId]);
  });

  test('operators set those of organisations, these divide theirs and no more', async () => {
    const params = { organization_id: org.orgId };
    const guaranteed = [{ ...POOL, accelerators: 16 }];
    const set = await call(plane, 'operatorUpdateShare', operatorUpdateShare, operator, {
      params,
      body: { weight: 300, guaranteed, borrowing_limits: [{ ...POOL, accelerators: 8 }] },
    });
    expect(set).toMatchObject({ org_id: org.orgId, weight: 300, guaranteed });
    expect(await divide(org, org.projectId, { guaranteed: [{ ...POOL, accelerators: 16 }] })).toMatchObject({
      guaranteed: [{ accelerators: 16 }],
      weight: 100,
    });
    await expect(divide(org, org.projectId, { guaranteed: [{ ...POOL, accelerators: 17 }] })).rejects.toMatchObject({
      code: 'unprocessable',
      extra: { errors: [{ pointer: '/body/guaranteed', code: 'over_guarantee' }] },
    });
    const lower = { params, body: { guaranteed: [] } };
    await expect(call(plane, 'operatorUpdateShare', operatorUpdateShare, operator, lower)).rejects.toMatchObject({
      code: 'unprocessable',
    });
    const unknown = [{ region_id: 'mars', accelerator_id: H100, accelerators: 1 }];
    await expect(divide(org, org.projectId, { borrowing_limits: unknown })).rejects.toMatchObject({
      extra: { errors: [{ pointer: '/body/borrowing_limits/0' }] },
    });
    const { items } = await call(plane, 'operatorShares', operatorShares, operator);
    expect(items.find((one) => one.org_id === org.orgId)).toMatchObject({ weight: 300 });
    const rows = await plane.sql<{ actor: string }>`
      SELECT actor FROM audit_event WHERE org_id = ${org.orgId} AND action = 'share.modify' ORDER BY seq`;
    expect(rows.map((row) => row.actor)).toEqual([operator.actor, operator.actor, 'user:user_test']);
  });

  test('two that divide at the same time cannot pass the guarantee together', async () => {
    const second = mintId('project', 1);
    await plane.sql`INSERT INTO project (id, org_id, slug, name) VALUES (${second}, ${org.orgId}, 'second', 'Second')`;
    await divide(org, org.projectId, { guaranteed: [] });
    const asked = [org.projectId, second].map((id) => divide(org, id, { guaranteed: [{ ...POOL, accelerators: 10 }] }));
    const results = await Promise.allSettled(asked);
    expect(results.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
    const body = { guaranteed: [] };
    await expect(divide(other, second, body)).rejects.toMatchObject({ code: 'not_found' });
    await expect(divide(other, mintId('project', 2), body)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('the policy', () => {
  test('is the scheduler’s own until an operator changes it', async () => {
    expect(defaultQueuePolicy).toMatchObject(storedPolicy(DEFAULT_POLICY));
    const before = await call(plane, 'operatorQueuePolicy', operatorQueuePolicy, operator);
    expect(before).toEqual({ ...DEFAULT_POLICY, set_by: null, set_at: null });
    const change = (body: object) =>
      call(plane, 'operatorUpdateQueuePolicy', operatorUpdateQueuePolicy, operator, { body });
    const after = await change({ backfill_mode: 'conservative', aged_after_s: null });
    expect(after).toMatchObject({
      backfill_mode: 'conservative',
      aged_after_s: null,
      history_weight: DEFAULT_POLICY.history_weight,
    });
    expect(await change({ history_weight: 1 })).toMatchObject({ backfill_mode: 'conservative', history_weight: 1 });
    expect(await plane.sql`SELECT count(*)::int AS n FROM queue_policy`).toEqual([{ n: 2 }]);
    expect(after.set_by).toBe(operator.actor);
  });
});
