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

/** Queues a mail in the caller's transaction, of any role; the worker sends it after the commit. */
export async function queueMail<T extends MailTemplate>(sql: Sql, mail: NewMail<T>): Promise<void> {
  const { to, locale, template, data, key = null, nowMs } = mail;
  await sql`
    INSERT INTO outgoing_mail (id, to_address, locale, template, data, key)
    VALUES (${mintId('mail', nowMs)}, ${to}, ${locale}, ${template}, ${data}::jsonb, ${key})
    ON CONFLICT DO NOTHING`;
}
