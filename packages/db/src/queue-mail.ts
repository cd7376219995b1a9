import { mintId } from '@suanxiang/domain/ids';
import type { Locale } from '@suanxiang/domain/locale';
import type { MailData, MailTemplate } from '@suanxiang/domain/mail-templates';
import type { Sql } from './sql';

/** A mail to be sent, written in the transaction of the act it tells about. */
export interface NewMail<T extends MailTemplate> {
  to: string;
  /** The receiver's language. */
  locale: Locale;
  template: T;
  data: MailData[T];
  /** A mail with a key that was queued before is not queued again, for example `budget:<id>:80:2026-11`. */
  key?: string;
  /** Unix milliseconds. */
  nowMs: number;
}

/** Queues mails in the caller's transaction, of any role; the worker sends them after the commit. */
export async function queueMails<T extends MailTemplate>(sql: Sql, mails: readonly NewMail<T>[]): Promise<void> {
  if (mails.length === 0) return;
  const rows = mails.map(({ to, locale, template, data, key = null, nowMs }) => {
    return { id: mintId('mail', nowMs), to, locale, template, data, key };
  });
  await sql`
    INSERT INTO outgoing_mail (id, to_address, locale, template, data, key)
    SELECT id, "to", locale, template, data, key FROM jsonb_to_recordset((${{ rows }}::jsonb)->'rows')
      AS m(id text, "to" text, locale text, template text, data jsonb, key text)
    ON CONFLICT DO NOTHING`;
}

/** Queues one mail. */
export function queueMail<T extends MailTemplate>(sql: Sql, mail: NewMail<T>): Promise<void> {
  return queueMails(sql, [mail]);
}
