import type { operatorShare } from '@suanxiang/contract/schemas/scheduling';
import { singleSql } from '@suanxiang/db/tenant';
import type { z } from 'zod';
import { changes } from '../access/changes';
import { mutate } from '../access/mutate';
import { invalid, notFound, unusable } from '../problem';
import { readPriorityClasses } from '../queue/priority-classes';
import { readShareRows, shareAnswer } from '../share/read-shares';
import { writeShare } from '../share/write-share';
import type { AnswerOf, UseCase } from '../use-case';

type Row = Awaited<ReturnType<typeof readShareRows>>[number];

function answerOf(row: Row): z.input<typeof operatorShare> {
  return { ...shareAnswer(row), org_id: row.org_id, top_priority_class: row.top_priority_class };
}

/** Shares of all organisations, oldest first. */
export const operatorShares: UseCase<'operatorShares'> = async (ctx) => ({
  items: (await readShareRows(singleSql(ctx.ops), null)).map(answerOf),
});

/**
 * Changes an organisation's share, inside that organisation, where the audit row belongs, too. Throws `not_found`,
 * `unprocessable`.
 */
export const operatorUpdateShare: UseCase<'operatorUpdateShare'> = async (ctx, operator, meta, { params, body }) => {
  if (Object.keys(body).length === 0) throw invalid('/body', 'Send at least one field to change.', 'empty');
  const orgId = params.organization_id;
  const [org] = await singleSql(ctx.ops)`SELECT id FROM organization WHERE id = ${orgId}`;
  if (!org) throw notFound();
  const actor = { orgId, actor: operator.actor, authMethod: 'session' as const };
  return mutate<AnswerOf<'operatorUpdateShare'>>(ctx, actor, meta, 'share.modify', async (sql) => {
    const top = body.top_priority_class;
    if (top && !(await readPriorityClasses(sql)).some((one) => one.id === top)) {
      throw unusable([
        { pointer: '/body/top_priority_class', code: 'not_found', detail: 'There is no such priority class.' },
      ]);
    }
    const [before] = await readShareRows(sql, orgId);
    await writeShare(sql, { orgId, projectId: null }, body, operator.actor);
    const [row] = await readShareRows(sql, orgId);
    return { answer: answerOf(row!), resource: orgId, detail: changes(before ? answerOf(before) : {}, body) };
  });
};
