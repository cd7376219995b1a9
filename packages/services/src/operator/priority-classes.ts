import { ring } from '@suanxiang/db/outbox';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql } from '@suanxiang/db/tenant';
import { ProblemError } from '@suanxiang/domain/errors';
import { invalid, notFound } from '../problem';
import { priorityClassAnswer, readPriorityClasses } from '../queue/priority-classes';
import type { AnswerOf, UseCase } from '../use-case';
import { mutateAsOperator } from './mutate-as-operator';

/** Classes, highest first. */
export const operatorPriorityClasses: UseCase<'operatorPriorityClasses'> = async (ctx) => ({
  items: (await readPriorityClasses(singleSql(ctx.ops))).map(priorityClassAnswer),
});

async function readOne(sql: Sql, id: string) {
  const row = (await readPriorityClasses(sql)).find((one) => one.id === id);
  if (!row) throw notFound();
  return priorityClassAnswer(row);
}

/** Throws `name_taken` when another class has this id or rank. */
async function requireFree(sql: Sql, wanted: { id: string; rank: number; isNew: boolean }): Promise<void> {
  const [taken] = await sql<{ id: string }>`
    SELECT id FROM priority_class WHERE (${wanted.isNew}::boolean AND id = ${wanted.id})
      OR (rank = ${wanted.rank} AND id <> ${wanted.id}) LIMIT 1`;
  if (!taken) return;
  const field = taken.id === wanted.id ? 'id' : 'rank';
  throw new ProblemError('name_taken', `Another priority class has this ${field}.`, {
    errors: [{ pointer: `/body/${field}`, code: 'taken', detail: `Is that of ${taken.id}.` }],
  });
}

/** Adds a class. Nobody uses it before operators or tenants choose it. */
export const operatorCreatePriorityClass: UseCase<'operatorCreatePriorityClass'> = (ctx, operator, meta, { body }) =>
  mutateAsOperator<AnswerOf<'operatorCreatePriorityClass'>>(
    ctx,
    operator,
    meta,
    'priority_class.create',
    async (sql) => {
      await requireFree(sql, { ...body, isNew: true });
      await sql`
        INSERT INTO priority_class (id, rank, name_en, name_zh)
        VALUES (${body.id}, ${body.rank}, ${body.name_en}, ${body.name_zh})`;
      return { answer: await readOne(sql, body.id), resource: body.id, detail: body };
    },
  );

/** Changes a class; the order of all queues follows with their next rounds, which are rung. */
export const operatorUpdatePriorityClass: UseCase<'operatorUpdatePriorityClass'> = (
  ctx,
  operator,
  meta,
  { params, body },
) => {
  if (Object.keys(body).length === 0) throw invalid('/body', 'Send at least one field to change.', 'empty');
  const id = params.class_id;
  return mutateAsOperator<AnswerOf<'operatorUpdatePriorityClass'>>(
    ctx,
    operator,
    meta,
    'priority_class.modify',
    async (sql) => {
      await readOne(sql, id);
      if (body.rank !== undefined) await requireFree(sql, { id, rank: body.rank, isNew: false });
      if (body.is_default) await sql`UPDATE priority_class SET is_default = false WHERE is_default AND id <> ${id}`;
      await sql`
        UPDATE priority_class SET rank = coalesce(${body.rank ?? null}, rank), name_en = coalesce(${body.name_en ?? null}, name_en),
          name_zh = coalesce(${body.name_zh ?? null}, name_zh), is_default = is_default OR ${body.is_default ?? false}::boolean,
          updated_at = now()
        WHERE id = ${id}`;
      await ringAll(sql);
      return { answer: await readOne(sql, id), resource: id, detail: body };
    },
  );
};

/** Removes a class. Throws `conflict` while it is the default, or a workload or a share names it. */
export const operatorDeletePriorityClass: UseCase<'operatorDeletePriorityClass'> = (ctx, operator, meta, { params }) =>
  mutateAsOperator<undefined>(ctx, operator, meta, 'priority_class.delete', async (sql) => {
    const id = params.class_id;
    const { is_default } = await readOne(sql, id);
    const [use] = await sql`
      SELECT 1 AS one WHERE EXISTS (SELECT 1 FROM workload WHERE priority_class = ${id})
        OR EXISTS (SELECT 1 FROM share_setting WHERE top_priority_class = ${id})`;
    if (is_default || use) {
      throw new ProblemError('conflict', `The class ${id} is ${is_default ? 'the default' : 'in use'}.`, {
        suggestion: is_default ? 'Make another class the default first.' : 'Change its rank instead.',
      });
    }
    await sql`DELETE FROM priority_class WHERE id = ${id}`;
    return { answer: undefined, resource: id };
  });

/** Rings for every region in which something waits. */
export async function ringAll(sql: Sql): Promise<void> {
  const regions = await sql<{ id: string }>`SELECT DISTINCT region_id AS id FROM capacity_claim ORDER BY 1`;
  for (const { id } of regions) await ring(sql, 'placement', id);
}
