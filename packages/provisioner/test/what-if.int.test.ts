import { openDb } from '@suanxiang/db/client';
import { withSql } from '@suanxiang/db/tenant';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { answerWhatIf } from '../src/queue/answer-what-if';
import { sweep } from '../src/sweep';
import { checkInvariants } from './support/invariants';
import { requestLaunch } from './support/tenants';
import { factsOf, openWorld, settle, type World } from './support/world';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(async () => {
  await checkInvariants(world);
  await world.close();
});

/** What the use case writes, in the operators' role. */
async function ask(request: object): Promise<void> {
  const ops = openDb({ url: world.database.urlFor('app_ops'), applicationName: 'test-ops', poolSize: 1 });
  try {
    await withSql(
      ops,
      (sql) => sql`
        INSERT INTO what_if (id, region_id, request, requested_by, created_at)
        VALUES ('whatif_1', 'far', ${request}::jsonb, 'operator:test', now() - interval '1 minute')`,
    );
  } finally {
    await ops.close();
  }
}

interface Answer {
  state: string;
  result: { before: Record<string, number>; after: Record<string, number> } | null;
}
const answer = async () => (await world.sql<Answer>`SELECT state, result FROM what_if`)[0]!;

test('a node less makes what runs and waits wait longer, and nothing real changes', async () => {
  const launch = (expectedDurationS: number) =>
    world.tx((sql) =>
      requestLaunch(sql, world.tenant, { regionId: 'far', gpusPerNode: 8, onCapacity: 'queue', expectedDurationS }),
    );
  const ids = [];
  for (const hours of [1, 1, 1]) ids.push((await launch(hours * 3_600)).workloadId);
  await settle(world);
  const before = await Promise.all(ids.map((id) => factsOf(world, id)));
  const [node] = await world.sql<{ id: string }>`SELECT id FROM node WHERE zone_id = 'far-a' ORDER BY name LIMIT 1`;
  await ask({ nodesOut: [node!.id], policy: null, demand: 1, horizonHours: 6 });
  await world.sql`UPDATE outbox SET sent_at = now()`;
  await sweep(world.ctx);
  expect(await world.sql`SELECT key FROM outbox WHERE sent_at IS NULL AND topic = 'what_if'`).toEqual([
    { key: 'whatif_1' },
  ]);
  expect(await answerWhatIf(world.ctx, 'whatif_1')).toBe(true);
  const { state, result } = await answer();
  expect(state).toBe('done');
  // Three of an hour on two nodes: the third waits for one. On one node: two wait, the last for two hours.
  expect(result!.before).toMatchObject({ started: 3, still_waiting: 0 });
  expect(result!.after).toMatchObject({ started: 3, still_waiting: 0 });
  expect(result!.before.wait_max_s).toBeGreaterThan(3_000);
  expect(result!.after.wait_max_s).toBeGreaterThan(result!.before.wait_max_s! + 3_000);
  expect(await Promise.all(ids.map((id) => factsOf(world, id)))).toEqual(before);
  expect(await answerWhatIf(world.ctx, 'whatif_1')).toBe(false);
});

test('a question that cannot be played is failed, not asked for ever', async () => {
  await ask({ nodesOut: [], policy: { usageHalfLifeS: 0, backfill: null }, demand: 1, horizonHours: 1 });
  await world.tx((sql) => requestLaunch(sql, world.tenant, { regionId: 'far', onCapacity: 'queue' }));
  expect(await answerWhatIf(world.ctx, 'whatif_1')).toBe(true);
  expect((await answer()).state).toBe('failed');
  await settle(world);
});
