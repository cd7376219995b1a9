import { LOCALES } from '@suanxiang/domain/locale';
import { renderMail } from '@suanxiang/domain/mail';
import { MAIL_TEMPLATES, type MailTemplate, SECURITY_CHANGES } from '@suanxiang/domain/mail-templates';
import { expect, test } from 'vitest';

const NASTY = 'Eve <script>alert(1)</script>\r\nBcc: all@example.com';
/** Every field of every template, as an attacker would choose it. */
const data = {
  name: NASTY,
  organization: NASTY,
  inviter: NASTY,
  role: 'admin',
  budget: NASTY,
  url: NASTY,
  reason: NASTY,
  number: 'A-1',
  total: '10.00 CNY',
  spent: '8.00 CNY',
  amount: '10.00 CNY',
  percent: '80%',
  due: '2.00 CNY',
  expires_at: '2026-12-01',
  at: '2026-12-01',
  ip_prefix: '192.0.2.0/24',
  quota: 'accelerators',
  outcome: 'approved',
  limit: '512',
  answer: NASTY,
  key: NASTY,
  source: NASTY,
  hours: 24,
  minutes: 30,
  link: 'https://cloud.example.com/x?a=1&b=2',
};

test('attack 50: what people chose as names stays text in every mail, and one line in its subject', () => {
  for (const template of Object.keys(MAIL_TEMPLATES) as MailTemplate[]) {
    for (const what of template === 'security_changed' ? Object.keys(SECURITY_CHANGES) : ['password']) {
      for (const locale of LOCALES) {
        const mail = renderMail(template, { ...data, what } as never, locale);
        expect(mail.subject).not.toMatch(/[\r\n]/);
        expect(mail.html).not.toContain('<script');
        expect(mail.html + mail.text + mail.subject).not.toContain('undefined');
        expect(mail.text).toContain(data.link);
        expect(mail.html).toContain('href="https://cloud.example.com/x?a=1&#38;b=2"');
        expect(/[\u4e00-\u9fff]/.test(mail.text)).toBe(locale === 'zh-CN');
      }
    }
  }
});

test('a link that is none of the web is left out', () => {
  const mail = renderMail('no_account', { link: 'javascript:alert(1)' }, 'en');
  expect(mail.html + mail.text).not.toContain('javascript:');
});
