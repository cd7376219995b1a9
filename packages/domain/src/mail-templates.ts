import type { Bilingual } from './locale';

/** What every kind of mail needs to be written. Amounts and instants are texts, ready to be read. */
export interface MailData {
  /** The address is new to us: prove that it is yours. */
  verify_email: { name: string; link: string; hours: number };
  reset_password: { name: string; link: string; minutes: number };
  /** Somebody asked to reset the password of an address without an account. */
  no_account: { link: string };
  /** A way to sign in was added, changed or taken away. */
  security_changed: { name: string; what: SecurityChange; at: string; ip_prefix: string; link: string };
  invitation: { organization: string; inviter: string; role: string; link: string; expires_at: string };
  quota_decided: {
    organization: string;
    quota: string;
    outcome: QuotaOutcome;
    limit: string;
    answer: string;
    link: string;
  };
  api_key_leaked: { name: string; organization: string; key: string; source: string; link: string };
  api_key_expiring: { name: string; organization: string; key: string; expires_at: string; link: string };
  webhook_disabled: { organization: string; url: string; reason: string; link: string };
  /** `due`: what is left to pay after the wallet has paid; empty when nothing is. `paper`: the PDF that goes with it. */
  invoice_issued: {
    organization: string;
    number: string;
    total: string;
    due: string;
    link: string;
    paper?: { orgId: string; invoiceId: string };
  };
  budget_reached: {
    organization: string;
    budget: string;
    percent: string;
    spent: string;
    amount: string;
    link: string;
  };
}

export type QuotaOutcome = 'approved' | 'denied';
export type MailTemplate = keyof MailData;

export const SECURITY_CHANGES = {
  password: { en: 'The password was changed.', zh: '密码已修改。' },
  totp_on: { en: 'An authenticator app was added.', zh: '已添加身份验证器。' },
  totp_off: { en: 'The authenticator app was removed.', zh: '已移除身份验证器。' },
  passkey_added: { en: 'A passkey was added.', zh: '已添加通行密钥。' },
  passkey_removed: { en: 'A passkey was removed.', zh: '已移除通行密钥。' },
  recovery_used: { en: 'A recovery code was used to sign in.', zh: '有人使用恢复码登录。' },
  recovery_new: { en: 'New recovery codes were made; the old ones are void.', zh: '已生成新的恢复码，旧码作废。' },
  device: { en: 'A command line was signed in.', zh: '已授权一个命令行登录。' },
} as const satisfies Record<string, Bilingual>;
export type SecurityChange = keyof typeof SECURITY_CHANGES;

/** One mail in one language, before it becomes text or HTML. */
export interface MailWords {
  subject: Bilingual;
  /** Paragraphs. */
  body: Bilingual[];
  action: { label: Bilingual; link: string } | null;
}

const both = (en: string, zh: string): Bilingual => ({ en, zh });
const hello = (name: string) => both(`Hello ${name},`, `${name}，您好：`);
const ignore = both(
  'If this was not you, ignore this mail: nothing happens.',
  '若非您本人操作，请忽略此邮件，不会发生任何变化。',
);

/** The words of every template in both languages. */
export const MAIL_TEMPLATES: { readonly [T in MailTemplate]: (data: MailData[T]) => MailWords } = {
  verify_email: ({ name, link, hours }) => ({
    subject: both('Confirm your e-mail address', '请验证您的邮箱'),
    body: [
      hello(name),
      both(
        `Confirm that this address is yours. The link works once and for ${hours} hours.`,
        `请确认此邮箱归您所有。链接仅可使用一次，${hours} 小时内有效。`,
      ),
      ignore,
    ],
    action: { label: both('Confirm address', '验证邮箱'), link },
  }),
  reset_password: ({ name, link, minutes }) => ({
    subject: both('Set a new password', '重置密码'),
    body: [
      hello(name),
      both(
        `Somebody asked for a new password for this account. The link works once and for ${minutes} minutes. A second factor is still asked for afterwards.`,
        `有人请求重置此账户的密码。链接仅可使用一次，${minutes} 分钟内有效。之后仍需第二重验证。`,
      ),
      ignore,
    ],
    action: { label: both('Set a new password', '设置新密码'), link },
  }),
  no_account: ({ link }) => ({
    subject: both('There is no account for this address', '此邮箱没有账户'),
    body: [
      both(
        'Somebody asked for a new password for this address, which has no account. Perhaps you signed up with another one.',
        '有人请求重置此邮箱的密码，但该邮箱没有账户。您可能使用了其他邮箱注册。',
      ),
      ignore,
    ],
    action: { label: both('Sign up', '注册'), link },
  }),
  security_changed: ({ name, what, at, ip_prefix, link }) => ({
    subject: both('The security of your account was changed', '您的账户安全设置已变更'),
    body: [
      hello(name),
      SECURITY_CHANGES[what],
      both(`When: ${at}. From: ${ip_prefix}.`, `时间：${at}。来源：${ip_prefix}。`),
      both(
        'If this was not you, reset the password and sign out everywhere at once.',
        '若非您本人操作，请立即重置密码并退出所有会话。',
      ),
    ],
    action: { label: both('Look at the account', '查看账户安全'), link },
  }),
  invitation: ({ organization, inviter, role, link, expires_at }) => ({
    subject: both(`${inviter} invites you to ${organization}`, `${inviter} 邀请您加入 ${organization}`),
    body: [
      both(
        `${inviter} invites you to the organization ${organization} as ${role}. The invitation is for this address alone and ends ${expires_at}.`,
        `${inviter} 邀请您以 ${role} 身份加入组织 ${organization}。邀请仅限此邮箱，${expires_at} 失效。`,
      ),
      both('If you do not know them, ignore this mail.', '若您不认识对方，请忽略此邮件。'),
    ],
    action: { label: both('Look at the invitation', '查看邀请'), link },
  }),
  quota_decided: ({ organization, quota, outcome, limit, answer, link }) => ({
    subject:
      outcome === 'approved'
        ? both(`A quota of ${organization} was raised`, `${organization} 的配额已提升`)
        : both(`A quota of ${organization} was not raised`, `${organization} 的配额申请未获批准`),
    body: [
      outcome === 'approved'
        ? both(
            `${organization} may now hold ${limit} of "${quota}".`,
            `${organization} 的“${quota}”配额已提升至 ${limit}。`,
          )
        : both(`The request for "${quota}" was denied.`, `“${quota}”的配额申请已被拒绝。`),
      ...(answer ? [both(`The operator says: ${answer}`, `运营方答复：${answer}`)] : []),
    ],
    action: { label: both('Look at the quotas', '查看配额'), link },
  }),
  api_key_leaked: ({ name, organization, key, source, link }) => ({
    subject: both(
      `An API key of ${organization} was found in public and revoked`,
      `${organization} 的 API 密钥已泄露并被吊销`,
    ),
    body: [
      hello(name),
      both(
        `The API key ${key} of ${organization} was found where everybody can read it, and has been revoked. Found at: ${source}`,
        `${organization} 的 API 密钥 ${key} 被发现公开泄露，已吊销。发现位置：${source}`,
      ),
      both(
        'Look in the audit log at what it was used for, then create a new one.',
        '请在审计日志中核查其使用记录，并创建新密钥。',
      ),
    ],
    action: { label: both('Look at the keys', '查看密钥'), link },
  }),
  api_key_expiring: ({ name, organization, key, expires_at, link }) => ({
    subject: both(
      `An API key of ${organization} ends ${expires_at}`,
      `${organization} 的 API 密钥将于 ${expires_at} 到期`,
    ),
    body: [
      hello(name),
      both(
        `The API key ${key} of ${organization} ends ${expires_at}. Roll it before: both keys work while you change over.`,
        `${organization} 的 API 密钥 ${key} 将于 ${expires_at} 到期。请提前轮换，重叠期内新旧密钥均可用。`,
      ),
    ],
    action: { label: both('Look at the keys', '查看密钥'), link },
  }),
  webhook_disabled: ({ organization, url, reason, link }) => ({
    subject: both(`A webhook of ${organization} was disabled`, `${organization} 的一个 Webhook 已停用`),
    body: [
      both(
        `Deliveries to ${url} kept failing, so it was disabled: ${reason}`,
        `向 ${url} 的投递持续失败，已将其停用：${reason}`,
      ),
      both('Repair the receiver, then enable it again.', '请修复接收端后重新启用。'),
    ],
    action: { label: both('Look at the deliveries', '查看投递记录'), link },
  }),
  invoice_issued: ({ organization, number, total, due, link }) => ({
    subject: both(`Invoice ${number}: ${total}`, `账单 ${number}：${total}`),
    body: [
      both(
        `Invoice ${number} of ${organization} has been issued: ${total}. It is attached as a PDF.`,
        `${organization} 的账单 ${number} 已开具：${total}。PDF 见附件。`,
      ),
      due
        ? both(`To be paid: ${due}.`, `待付金额：${due}。`)
        : both('It is paid; there is nothing to do.', '账单已付清，无需操作。'),
    ],
    action: { label: both('Look at the invoice', '查看账单'), link },
  }),
  budget_reached: ({ organization, budget, percent, spent, amount, link }) => ({
    subject: both(`${budget}: ${percent} of the budget is used`, `${budget}：预算已使用 ${percent}`),
    body: [
      both(
        `${organization} has used ${spent} of ${amount} (${percent}) of the budget ${budget}.`,
        `${organization} 的预算 ${budget} 已使用 ${spent} / ${amount}（${percent}）。`,
      ),
    ],
    action: { label: both('Look at the costs', '查看费用'), link },
  }),
};
