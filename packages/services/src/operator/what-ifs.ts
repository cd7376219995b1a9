import type { whatIf } from '@suanxiang/contract/schemas/scheduling';
import { ring } from '@suanxiang/db/outbox';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql } from '@suanxiang/db/tenant';
import { mintId } from '@suanxiang/domain/ids';
import type { z } from 'zod';
import { notFound, unusable } from '../problem';
import type { AnswerOf, UseCase } from '../use-case';
import { mutateAsOperator } from './mutate-as-operator';
import { readQueuePolicy, storedPolicy } from './queue-policy';

type Answer = z.input<typeof whatIf>;

interface Row {
  id: string;
  region_id: string;
  state: Answer['state'];
  request: { nodesOut: string[]; demand: number; horizonHours: number };
  result: { before: Answer['before']; after: Answer['after'] } | null;
  requested_by: string;
  created_at: Date;
  finished_at: Date | null;
}

const MOST = 50;

async function readWhatIfs(sql: Sql, id: string | null): Promise<Answer[]> {
  const rows = await sql<Row>`
    SELECT id, region_id, state, request, result, requested_by, created_at, finished_at FROM what_if
    WHERE ${id}::text IS NULL OR id = ${id} ORDER BY created_at DESC, id DESC LIMIT ${MOST}`;
  return rows.map(({ request, result, created_at, finished_at, ...row }) => ({
    ...row,
    nodes_out: request.nodesOut,
    demand: request.demand,
    horizon_hours: request.horizonHours,
    before: result?.before ?? null,
    after: result?.after ?? null,
    created_at: created_at.toISOString(),
    finished_at: finished_at?.toISOString() ?? null,
  }));
}

/** Throws `unprocessable` for a region or nodes that are not there. */
async function requirePlaces(sql: Sql, regionId: string, nodesOut: readonly string[]): Promise<void> {
  const [region] = await sql`SELECT id FROM region WHERE id = ${regionId}`;
  if (!region) throw unusable([{ pointer: '/body/region_id', code: 'not_found', detail: 'There is no such region.' }]);
  const known = await sql<{ id: string }>`
    SELECT n.id FROM node n JOIN zone z ON z.id = n.zone_id
    WHERE z.region_id = ${regionId} AND n.id = ANY (${[...nodesOut]}::text[])`;
  const ids = new Set(known.map((row) => row.id));
  const missing = nodesOut.flatMap((id, at) => (ids.has(id) ? [] : [at]));
  if (missing.length === 0) return;
  throw unusable(
    missing.map((at) => ({
      pointer: `/body/nodes_out/${at}`,
      code: 'not_found',
      detail: 'There is no such node in this region.',
    })),
    'GET /v1/operator/nodes lists the nodes of a zone.',
  );
}

/** Asks a worker to play a region's queue on with changes. Nothing real changes; the answer is read afterwards. */
export const operatorAskWhatIf: UseCase<'operatorAskWhatIf'> = (ctx, operator, meta, { body }) =>
  mutateAsOperator<AnswerOf<'operatorAskWhatIf'>>(ctx, operator, meta, 'what_if.create', async (sql) => {
    await requirePlaces(sql, body.region_id, body.nodes_out);
    const { set_by: _by, set_at: _at, ...before } = await readQueuePolicy(sql);
    const changed = Object.fromEntries(Object.entries(body.policy ?? {}).filter(([, value]) => value !== undefined));
    const request = {
      nodesOut: body.nodes_out,
      policy: body.policy ? storedPolicy({ ...before, ...changed }) : null,
      demand: body.demand,
      horizonHours: body.horizon_hours,
    };
    const id = mintId('whatIf', meta.nowMs);
    await sql`
      INSERT INTO what_if (id, region_id, request, requested_by)
      VALUES (${id}, ${body.region_id}, ${request}::jsonb, ${operator.actor})`;
    await ring(sql, 'what_if', id);
    const [answer] = await readWhatIfs(sql, id);
    return { answer: answer!, resource: id, detail: { ...request } };
  });

/** One what-if; its figures are null until a worker has found them. */
export const operatorWhatIf: UseCase<'operatorWhatIf'> = async (ctx, _operator, _meta, { params }) => {
  const [answer] = await readWhatIfs(singleSql(ctx.ops), params.what_if_id);
  if (!answer) throw notFound();
  return answer;
};

/** What-ifs, newest first. */
export const operatorWhatIfs: UseCase<'operatorWhatIfs'> = async (ctx) => ({
  items: await readWhatIfs(singleSql(ctx.ops), null),
});
