import type { Db } from '@suanxiang/db/client';
import { singleSql } from '@suanxiang/db/tenant';
import type { Locale } from '@suanxiang/domain/locale';
import { type RenderedMail, renderMail } from '@suanxiang/domain/mail';
import type { MailData, MailTemplate } from '@suanxiang/domain/mail-templates';
import type { MailAttachment, MailTransport } from './transport';

/** Prints the paper that goes with a mail; null when there is none. */
export type PrintPaper = (
  paper: NonNullable<MailData['invoice_issued']['paper']>,
  locale: Locale,
) => Promise<MailAttachment | null>;

/** Attempts before a mail is given up; with the pauses between them about eight hours. */
const MOST_ATTEMPTS = 12;
const FIRST_PAUSE_S = 30;
const LONGEST_PAUSE_S = 3_600;
/** Mails of one round. */
const BATCH = 20;
const DOMAIN = 'mail.suanxiang';

interface Row {
  id: string;
  to_address: string;
  locale: Locale;
  template: MailTemplate;
  data: MailData[MailTemplate];
  attempts: number;
}

/** What a mail of the table says. */
export function renderRow({ template, data, locale }: Pick<Row, 'template' | 'data' | 'locale'>): RenderedMail {
  return renderMail(template, data as never, locale);
}

/** A refusal for good: the mail server said 5xx, or the mail cannot be written. */
function isFinal(error: unknown): boolean {
  const code = (error as { responseCode?: unknown } | null)?.responseCode;
  return typeof code === 'number' && code >= 500 && code < 600;
}

function reasonOf(error: unknown): string {
  const { code, responseCode } = (error ?? {}) as { code?: unknown; responseCode?: unknown };
  // The server's own words may repeat the mail; its codes say enough.
  return [code, responseCode].filter(Boolean).join(' ') || (error instanceof Error ? error.name : 'failed');
}

/**
 * Takes due mails for this round: the time of the next attempt is set before the first word goes out, so that no other worker
 * takes the same one meanwhile and a worker that dies leaves it to be tried again.
 */
async function claim(db: Db): Promise<Row[]> {
  return singleSql(db)<Row>`
    UPDATE outgoing_mail m SET attempts = m.attempts + 1,
      next_attempt_at = clock_timestamp() + make_interval(secs => least(${LONGEST_PAUSE_S}, ${FIRST_PAUSE_S} * 2 ^ m.attempts))
    FROM (SELECT id FROM outgoing_mail WHERE status = 'pending' AND next_attempt_at <= clock_timestamp()
          ORDER BY next_attempt_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED) due
    WHERE m.id = due.id RETURNING m.id, m.to_address, m.locale, m.template, m.data, m.attempts`;
}

/**
 * The files of a mail. One that cannot be printed now is tried again with the mail; the last attempt goes without it, because
 * the mail's link leads to the same paper.
 */
async function attachmentsOf({ data, locale, attempts }: Row, print: PrintPaper | null): Promise<MailAttachment[]> {
  const paper = 'paper' in data ? data.paper : undefined;
  if (!paper || !print) return [];
  try {
    const file = await print(paper, locale);
    return file ? [file] : [];
  } catch (error) {
    if (attempts >= MOST_ATTEMPTS) return [];
    throw error;
  }
}

async function send(db: Db, transport: MailTransport, row: Row, print: PrintPaper | null): Promise<void> {
  const sql = singleSql(db);
  try {
    const attachments = await attachmentsOf(row, print);
    const messageId = `<${row.id}@${DOMAIN}>`;
    await transport.send({ messageId, to: row.to_address, ...renderRow(row), attachments });
  } catch (error) {
    const over = isFinal(error) || row.attempts >= MOST_ATTEMPTS;
    await sql`
      UPDATE outgoing_mail SET last_error = ${reasonOf(error)}, status = CASE WHEN ${over} THEN 'failed' ELSE status END,
        done_at = CASE WHEN ${over} THEN clock_timestamp() END
      WHERE id = ${row.id} AND status = 'pending'`;
    return;
  }
  await sql`
    UPDATE outgoing_mail SET status = 'sent', data = NULL, last_error = NULL, done_at = clock_timestamp()
    WHERE id = ${row.id} AND status = 'pending'`;
}

/**
 * Sends what is due, in any number of workers; without a transport mails are kept instead, for operators to read. Returns how
 * many were taken. `print` makes the papers that go with mails; without it they go without.
 */
export async function sendMails(
  db: Db,
  transport: MailTransport | null,
  print: PrintPaper | null = null,
): Promise<number> {
  if (!transport) {
    const kept = await singleSql(db)`
      UPDATE outgoing_mail SET status = 'kept', done_at = clock_timestamp()
      WHERE status = 'pending' AND next_attempt_at <= clock_timestamp() RETURNING 1 AS one`;
    return kept.length;
  }
  const rows = await claim(db);
  for (const row of rows) await send(db, transport, row, print);
  return rows.length;
}

/** Forgets mails a month after they were done with. */
export async function pruneMails(db: Db): Promise<number> {
  const gone = await singleSql(db)`
    DELETE FROM outgoing_mail WHERE done_at < clock_timestamp() - interval '30 days' RETURNING 1 AS one`;
  return gone.length;
}
