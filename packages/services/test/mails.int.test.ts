import type { Db } from '@suanxiang/db/client';
import { openDb } from '@suanxiang/db/client';
import { queueMail } from '@suanxiang/db/queue-mail';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import { sendMails } from '@suanxiang/services/mail/send-mails';
import { createSmtpTransport, type MailTransport } from '@suanxiang/services/mail/transport';
import { cloneDatabase, type TestDatabase } from '@suanxiang/testing/database';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type SmtpServer, startSmtpServer } from './support/smtp-server';

let database: TestDatabase;
let worker: Db;
let api: Db;
let smtp: SmtpServer;
let transport: MailTransport;
beforeAll(async () => {
  database = await cloneDatabase();
  worker = openDb({ url: database.urlFor('app_worker'), applicationName: 'test' });
  api = openDb({ url: database.urlFor('app_api'), applicationName: 'test' });
  smtp = await startSmtpServer();
  transport = createSmtpTransport({ smtpUrl: smtp.url, from: 'Cloud <no-reply@example.com>' });
});
beforeEach(async () => {
  await singleSql(worker)`DELETE FROM outgoing_mail`;
  smtp.received.length = 0;
  smtp.refuse(null);
});
afterAll(async () => {
  transport?.close();
  await Promise.all([worker?.close(), api?.close(), smtp?.close()]);
  await database?.drop();
});

const link = 'https://cloud.example.com/verify-email?token=canary';
const queue = (db: Db, locale: 'en' | 'zh-CN' = 'en', key?: string) =>
  withSql(db, (sql) =>
    queueMail(sql, {
      to: 'wang@example.com',
      locale,
      template: 'verify_email',
      data: { name: 'Wang', link, hours: 24 },
      nowMs: 1_750_000_000_000,
      ...(key ? { key } : {}),
    }),
  );
const rows = () =>
  singleSql(worker)<{ id: string; status: string; attempts: number; data: unknown; last_error: string | null }>`
    SELECT id, status, attempts, data, last_error FROM outgoing_mail ORDER BY created_at`;
const due = () => singleSql(worker)`UPDATE outgoing_mail SET next_attempt_at = now() - interval '1 second'`;

test('a mail is sent once, in the language of its receiver, and what it said is forgotten', async () => {
  await queue(api, 'zh-CN');
  // Two workers at once share the work; neither sends what the other has.
  await Promise.all([sendMails(worker, transport), sendMails(worker, transport)]);
  await sendMails(worker, transport);
  expect(smtp.received).toHaveLength(1);
  const [row] = await rows();
  expect(row).toMatchObject({ status: 'sent', attempts: 1, data: null });
  expect(smtp.received[0]!.to).toBe('wang@example.com');
  expect(smtp.received[0]!.source).toContain(`Message-ID: <${row!.id}@`);
  const subject = /^Subject: (.*(?:\r\n .*)*)/m.exec(smtp.received[0]!.source)![1]!;
  const words = [...subject.matchAll(/=\?UTF-8\?B\?(.*?)\?=/g)].map((part) => Buffer.from(part[1]!, 'base64'));
  expect(Buffer.concat(words).toString()).toBe('算想云: 请验证您的邮箱');
});

test('a mail of a transaction that did not commit is none', async () => {
  const failing = withSql(api, async (sql) => {
    await queueMail(sql, { to: 'a@example.com', locale: 'en', template: 'no_account', data: { link }, nowMs: 0 });
    throw new Error('rolled back');
  });
  await expect(failing).rejects.toThrow('rolled back');
  expect(await rows()).toEqual([]);
});

test('a mail server that is busy is asked again later, with the same message id; one that refuses is not', async () => {
  await queue(api);
  smtp.refuse('451 busy');
  await sendMails(worker, transport);
  expect(await rows()).toMatchObject([{ status: 'pending', attempts: 1, last_error: 'EENVELOPE 451' }]);
  // Not yet due: nobody tries.
  await sendMails(worker, transport);
  expect(await rows()).toMatchObject([{ attempts: 1 }]);
  smtp.refuse(null);
  await due();
  await sendMails(worker, transport);
  expect(await rows()).toMatchObject([{ status: 'sent', attempts: 2 }]);
  await queue(api);
  smtp.refuse('550 no such mailbox');
  await sendMails(worker, transport);
  expect((await rows()).at(-1)).toMatchObject({
    status: 'failed',
    attempts: 1,
    data: { link },
    last_error: 'EENVELOPE 550',
  });
});

test('without a mail server mails are kept as they are', async () => {
  await queue(api);
  expect(await sendMails(worker, null)).toBe(1);
  expect(await rows()).toMatchObject([{ status: 'kept', data: { link } }]);
});

test('a key is queued once', async () => {
  await Promise.all([
    queue(api, 'en', 'budget:1:80'),
    queue(api, 'en', 'budget:1:80'),
    queue(worker, 'en', 'budget:1:80'),
  ]);
  expect(await rows()).toHaveLength(1);
});

test('attack 51: those who write mails cannot read them', async () => {
  await queue(api);
  await expect(singleSql(api)`SELECT data FROM outgoing_mail`).rejects.toThrow(/permission denied/);
});
