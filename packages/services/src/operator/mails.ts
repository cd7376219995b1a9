import type { operatorMail } from '@suanxiang/contract/schemas/fleet';
import { singleSql } from '@suanxiang/db/tenant';
import type { Locale } from '@suanxiang/domain/locale';
import type { MailData, MailTemplate } from '@suanxiang/domain/mail-templates';
import type { z } from 'zod';
import { renderRow } from '../mail/send-mails';
import type { UseCase } from '../use-case';

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

/**
 * What is in the mail outbox. Only mails that are kept, because there is no mail server, can be read here: those that go to
 * somebody may hold links that open something.
 */
export const operatorMails: UseCase<'operatorMails'> = async (ctx) => {
  const rows = await singleSql(ctx.ops)<Row>`
    SELECT id, to_address AS to, template, locale, status, attempts, last_error, created_at, done_at,
      CASE WHEN status = 'kept' THEN data END AS data
    FROM outgoing_mail ORDER BY created_at DESC, id DESC LIMIT ${MOST}`;
  return {
    items: rows.map(({ data, ...row }) => {
      const written = data === null ? { subject: null, text: null, html: null } : renderRow({ ...row, data });
      return {
        ...row,
        created_at: row.created_at.toISOString(),
        done_at: row.done_at?.toISOString() ?? null,
        ...written,
      };
    }),
  };
};
