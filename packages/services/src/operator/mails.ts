import type { operatorMail } from '@suanxiang/contract/schemas/fleet';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql } from '@suanxiang/db/tenant';
import type { Locale } from '@suanxiang/domain/locale';
import type { MailData, MailTemplate } from '@suanxiang/domain/mail-templates';
import type { z } from 'zod';
import { renderRow } from '../mail/send-mails';
import { notFound, ProblemError } from '../problem';
import type { AnswerOf, UseCase } from '../use-case';
import { mutateAsOperator } from './mutate-as-operator';

interface Row {
  id: string;
  to: string;
  template: MailTemplate;
  locale: Locale;
  status: z.input<typeof operatorMail>['status'];
  attempts: number;
  last_error: string | null;
  data: MailData[MailTemplate] | null;
  created_at: Date;
  done_at: Date | null;
}

const MOST = 100;

/** Mails newest first, or one. Only of those that are kept there is more than the envelope. */
function readMails(sql: Sql, id: string | null): Promise<Row[]> {
  return sql<Row>`
    SELECT id, to_address AS to, template, locale, status, attempts, last_error, created_at, done_at,
      CASE WHEN status = 'kept' THEN data END AS data
    FROM outgoing_mail WHERE ${id}::text IS NULL OR id = ${id} ORDER BY created_at DESC, id DESC LIMIT ${MOST}`;
}

function mailAnswer({ data, ...row }: Row) {
  const written = data === null ? { subject: null, text: null, html: null } : renderRow({ ...row, data });
  return {
    ...row,
    created_at: row.created_at.toISOString(),
    done_at: row.done_at?.toISOString() ?? null,
    ...written,
  };
}

/**
 * What is in the mail outbox. Only mails that are kept, because there is no mail server, can be read here: those that go to
 * somebody may hold links that open something.
 */
export const operatorMails: UseCase<'operatorMails'> = async (ctx) => ({
  items: (await readMails(singleSql(ctx.ops), null)).map(mailAnswer),
});

/** Puts a mail that was given up back into the outbox, with all its attempts before it. Throws `conflict` for any other. */
export const operatorRetryMail: UseCase<'operatorRetryMail'> = (ctx, operator, meta, { params }) =>
  mutateAsOperator<AnswerOf<'operatorRetryMail'>>(ctx, operator, meta, 'mail.retry', async (sql) => {
    const id = params.mail_id;
    const [again] = await sql<{ id: string }>`
      UPDATE outgoing_mail SET status = 'pending', attempts = 0, last_error = NULL, done_at = NULL,
        next_attempt_at = clock_timestamp()
      WHERE id = ${id} AND status = 'failed' AND data IS NOT NULL RETURNING id`;
    const [row] = await readMails(sql, id);
    if (!row) throw notFound();
    if (!again) {
      throw new ProblemError('conflict', 'Only a mail that was given up can be tried again.', {
        members: { state: row.status },
      });
    }
    return { answer: mailAnswer(row), resource: id, detail: { to: row.to, template: row.template } };
  });
