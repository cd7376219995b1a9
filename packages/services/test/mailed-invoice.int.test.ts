import { singleSql, withSql } from '@suanxiang/db/tenant';
import { finalizeDuePeriods } from '@suanxiang/metering/invoices/finalize';
import { createPdfRenderer, type PdfRenderer } from '@suanxiang/metering/invoices/pdf-renderer';
import { voidInvoice } from '@suanxiang/metering/invoices/void-invoice';
import { invoicePrinter } from '@suanxiang/services/mail/invoice-paper';
import { sendMails } from '@suanxiang/services/mail/send-mails';
import { createSmtpTransport, type MailTransport } from '@suanxiang/services/mail/transport';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  type BillingDb,
  createOrg,
  lease,
  openBillingDb,
  seconds,
  type TestOrg,
} from '../../metering/test/support/billing-db';
import { pdfPages } from '../../metering/test/support/pdf-text';
import { type SmtpServer, startSmtpServer } from './support/smtp-server';

const OCT = seconds('2026-10-01T00:00:00Z');
const CLOSE = seconds('2026-11-02T00:00:00Z') * 1000;

let db: BillingDb;
let admin: pg.Client;
let smtp: SmtpServer;
let transport: MailTransport;
let pdf: PdfRenderer;
let org: TestOrg;
beforeAll(async () => {
  db = await openBillingDb();
  admin = await db.database.connectAdmin();
  smtp = await startSmtpServer();
  transport = createSmtpTransport({ smtpUrl: smtp.url, from: 'Cloud <no-reply@example.com>' });
  pdf = createPdfRenderer();
});
afterAll(async () => {
  transport?.close();
  await Promise.all([admin?.end(), smtp?.close(), pdf?.close()]);
  await db?.close();
});

const people = [
  ['wang', 'zh-CN'],
  ['smith', 'en'],
] as const;
beforeAll(async () => {
  for (const [name, locale] of people) {
    await admin.query(
      `INSERT INTO auth_user (id, name, email, "emailVerified", "updatedAt", locale) VALUES ($1, $1, $2, true, now(), $3)`,
      [name, `${name}@example.com`, locale],
    );
  }
});
beforeEach(async () => {
  smtp.received.length = 0;
  await singleSql(db.worker)`DELETE FROM outgoing_mail`;
  org = await createOrg(db.worker);
  for (const [name] of people) {
    await admin.query(`INSERT INTO membership (id, org_id, user_id, role) VALUES ($1, $2, $3, 'owner')`, [
      `${name}_${org.orgId}`,
      org.orgId,
      name,
    ]);
  }
});

async function close(): Promise<{ id: string; number: string }> {
  await lease(db.worker, org, { startS: OCT + 60, endS: OCT + 3660 });
  const webUrl = 'https://cloud.example.com';
  const { finalized } = await finalizeDuePeriods(db.worker, CLOSE, { orgId: org.orgId, webUrl });
  return finalized.find(({ invoice }) => invoice)!.invoice!;
}

/** The attached file of a mail as it came over the wire. */
function attachment(source: string): { name: string; bytes: Buffer } | null {
  const part =
    /Content-Type: application\/pdf[\s\S]*?filename="?([^"\r\n]+)"?[\s\S]*?\r\n\r\n([A-Za-z0-9+/=\r\n]+)/.exec(source);
  return part ? { name: part[1]!, bytes: Buffer.from(part[2]!.replace(/\s/g, ''), 'base64') } : null;
}

test('the mail about an invoice carries it as a PDF, in the language of who gets it', async () => {
  const { number } = await close();
  await sendMails(db.worker, transport, invoicePrinter(db.worker, pdf));
  const files = new Map(smtp.received.map(({ to, source }) => [to, attachment(source)]));
  expect([...files.keys()].sort()).toEqual(['smith@example.com', 'wang@example.com']);
  for (const [to, file] of files) {
    expect(file!.name).toBe(`${number}.pdf`);
    const text = pdfPages(file!.bytes).join(' ');
    expect(text).toContain(number);
    expect(text.includes('Invoice')).toBe(to.startsWith('smith'));
  }
});

test('a paper that cannot be printed is tried again with its mail, and the last attempt goes without it', async () => {
  await close();
  const broken = () => Promise.reject(new Error('no printer'));
  const due = () => singleSql(db.worker)`UPDATE outgoing_mail SET next_attempt_at = now() - interval '1 second'`;
  expect(await sendMails(db.worker, transport, broken)).toBe(2);
  expect(smtp.received).toEqual([]);
  await singleSql(db.worker)`UPDATE outgoing_mail SET attempts = 11 WHERE to_address = 'wang@example.com'`;
  await due();
  await sendMails(db.worker, transport, broken);
  expect(smtp.received.map(({ to, source }) => [to, attachment(source)])).toEqual([['wang@example.com', null]]);
  await due();
  await sendMails(db.worker, transport, invoicePrinter(db.worker, pdf));
  expect(smtp.received.map(({ to }) => to)).toEqual(['wang@example.com', 'smith@example.com']);
  expect(attachment(smtp.received[1]!.source)).not.toBeNull();
});

test('of an invoice that was voided before its mail left, no paper is sent', async () => {
  const { id } = await close();
  const why = { voidedBy: 'test', reason: 'test', reissue: false, bookedS: OCT };
  await withSql(db.worker, (sql) => voidInvoice(sql, { orgId: org.orgId, invoiceId: id, ...why }, CLOSE));
  await sendMails(db.worker, transport, invoicePrinter(db.worker, pdf));
  expect(smtp.received.map(({ source }) => attachment(source))).toEqual([null, null]);
});
