import { LOCALES } from '@suanxiang/domain/locale';
import { KEY_SCOPES, ORG_ROLES, PERMISSIONS, PROJECT_ROLES } from '@suanxiang/domain/permissions';
import { z } from 'zod';
import { countedPageQuery, currency, displayName, idOf, machineName, money, timestamp } from './common';

export const email = z
  .email()
  .max(254)
  .transform((text) => text.toLowerCase());
export const password = z.string().min(10, 'at least 10 characters').max(200);
export const scope = z.enum(Object.keys(KEY_SCOPES) as [string, ...string[]]);

export const signUpBody = z.strictObject({
  email,
  password,
  name: displayName,
  locale: z.enum(LOCALES).default('en'),
});
export const signInBody = z.strictObject({ email, password: z.string().max(200) });
export const sessionResult = z
  .object({
    token: z.string().describe('Send as Authorization: Bearer <token>'),
    expires_at: timestamp,
    user: z.object({ id: z.string(), email: z.string(), name: z.string(), locale: z.enum(LOCALES) }),
  })
  .meta({ id: 'Session' });

export const organization = z
  .object({
    id: idOf('organization'),
    slug: z.string(),
    name: z.string(),
    mode: z.enum(['live', 'sandbox']),
    currency,
    country: z.string(),
    time_zone: z.string(),
    legal_name: z.string(),
    address: z.string(),
    tax_id: z.string(),
    require_mfa: z.boolean().describe('Members without a second factor may not act in it'),
    billing_now: timestamp.describe("The organisation's billing time; ahead of the wall clock only in a sandbox"),
    clock_offset_s: z.number().int(),
    impersonation_consent: z.boolean().describe('Operators look in only after an owner has agreed'),
    created_at: timestamp,
  })
  .meta({ id: 'Organization' });
export const timeZone = z.string().max(64).refine(isTimeZone, 'must be an IANA time zone, for example Asia/Shanghai');

function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

export const createOrganizationBody = z.strictObject({
  name: displayName,
  mode: z.enum(['live', 'sandbox']).default('sandbox'),
  currency: z.enum(['CNY', 'USD']).default('USD'),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'ISO 3166 alpha-2, for example CN')
    .default('US'),
  time_zone: timeZone.default('UTC'),
  legal_name: z.string().trim().max(200).optional(),
  project_name: displayName.default('default'),
});
export const updateOrganizationBody = z.strictObject({
  name: displayName.optional(),
  legal_name: z.string().trim().min(1).max(200).optional(),
  address: z.string().trim().max(400).optional(),
  tax_id: z
    .string()
    .trim()
    .toUpperCase()
    .max(40)
    .optional()
    .describe('In China the unified social credit code, in the European Union the VAT number; checked for its form'),
  impersonation_consent: z.boolean().optional().describe('For owners to decide'),
  require_mfa: z.boolean().optional().describe('Owners alone; needs a session with a second factor'),
});
export const advanceClockBody = z.strictObject({
  to: timestamp.describe('New billing time, later than the present one, at most 31 days ahead'),
});

export const project = z
  .object({
    id: idOf('project'),
    slug: z.string(),
    name: z.string(),
    created_at: timestamp,
  })
  .meta({ id: 'Project' });
export const createProjectBody = z.strictObject({ name: displayName, slug: machineName.optional() });

export const me = z
  .object({
    kind: z.enum(['user', 'api_key', 'impersonation']),
    impersonation: z
      .object({ id: idOf('impersonation'), operator_name: z.string(), ticket: z.string(), expires_at: timestamp })
      .nullable()
      .describe('Set for an operator who looks in'),
    id: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    locale: z.enum(LOCALES),
    organizations: z.array(
      z.object({
        id: idOf('organization'),
        slug: z.string(),
        name: z.string(),
        mode: z.enum(['live', 'sandbox']),
        currency,
        role: z.enum(ORG_ROLES).nullable(),
        require_mfa: z.boolean().describe('Members without a second factor may not act in it'),
        permissions: z.array(z.enum(PERMISSIONS)).describe('Of the role or the scopes, and of roles in projects'),
        project_roles: z.array(z.object({ project_id: idOf('project'), role: z.enum(PROJECT_ROLES) })),
      }),
    ),
  })
  .meta({ id: 'Me' });

export const sshKey = z
  .object({
    id: idOf('sshKey'),
    name: z.string(),
    public_key: z.string(),
    fingerprint: z.string(),
    created_at: timestamp,
  })
  .meta({ id: 'SshKey' });
export const createSshKeyBody = z.strictObject({
  name: displayName,
  public_key: z
    .string()
    .trim()
    .max(8192)
    .describe('OpenSSH public key: ssh-ed25519, ecdsa-sha2-nistp*, or ssh-rsa of 2048 bits or more'),
});

/** A key that is not expired is within the shortest of these that fits. */
export const KEY_EXPIRIES = ['far', 'within_30_days', 'within_7_days', 'within_1_day', 'expired'] as const;
export const apiKey = z
  .object({
    id: idOf('apiKey'),
    name: z.string(),
    display: z.string().describe('Prefix and last four characters; the secret is never shown again'),
    scopes: z.array(scope),
    project_id: idOf('project').nullable(),
    expires_at: timestamp.nullable(),
    allowed_cidrs: z.array(z.string()).describe('Networks it may be used from; empty: from anywhere'),
    api_version: z.string().describe('Version of the API that requests with it are served in'),
    expiry: z.enum(KEY_EXPIRIES).describe('How near expires_at is, for warnings'),
    needs_review: z.boolean().describe('Whoever made it has left the organization; it goes on working'),
    replaced_by: idOf('apiKey').nullable().describe('The key that was made by rolling this one'),
    last_used_at: timestamp.nullable().describe('To the minute, written a few seconds later'),
    last_used_ip_prefix: z.string().nullable().describe('Network of the last use, /24 or /48'),
    last_used_agent: z.string().nullable(),
    revoked_at: timestamp.nullable(),
    created_at: timestamp,
  })
  .meta({ id: 'ApiKey' });
const lifetimeDays = z.number().int().min(1).max(366);
const allowedCidrs = z
  .array(z.union([z.cidrv4(), z.cidrv6()], { error: 'must be a network like 203.0.113.0/24' }))
  .max(32)
  .describe('Networks it may be used from, for example 203.0.113.0/24; empty: from anywhere');
export const createApiKeyBody = z.strictObject({
  name: displayName,
  scopes: z.array(scope).min(1).max(10),
  project_id: idOf('project').optional(),
  expires_in_days: lifetimeDays.default(365),
  allowed_cidrs: allowedCidrs.default([]),
});
export const updateApiKeyBody = z.strictObject({
  name: displayName.optional(),
  allowed_cidrs: allowedCidrs.optional(),
});
/** A week: longer than any deployment, shorter than a forgotten key. */
const LONGEST_OVERLAP_S = 604_800;
export const rollApiKeyBody = z.strictObject({
  overlap_seconds: z
    .number()
    .int()
    .min(0)
    .max(LONGEST_OVERLAP_S)
    .default(86_400)
    .describe('How long the old key still opens; 0: not at all'),
  expires_in_days: lifetimeDays.default(365).describe('Lifetime of the new key'),
});
export const createdApiKey = z.object({ api_key: apiKey, secret: z.string().nullable().describe('Shown once') });
export const leakReportBody = z.strictObject({
  findings: z
    .array(
      z.strictObject({
        token: z.string().min(1).max(200).describe('The whole text that was found'),
        url: z
          .url({ protocol: /^https?$/ })
          .max(500)
          .optional()
          .describe('Where it was found'),
      }),
    )
    .min(1)
    .max(20),
});
export const leakReport = z.object({
  items: z.array(z.object({ label: z.enum(['true_positive', 'false_positive']) })).describe('In the order of findings'),
});
export const rolledApiKey = createdApiKey.extend({ previous: apiKey });

export const deprecatedCall = z
  .object({
    actor: z.string().describe('key:<id> or user:<id>'),
    name: z.string().nullable().describe('Of the API key; null for people'),
    operation_id: z.string(),
    since: z.iso.date().describe('When the operation was announced to be going'),
    sunset: z.iso.date().describe('When it ends'),
    successor: z.string().nullable().describe('Operation to call instead'),
    calls: z.number().int(),
    first_used_at: timestamp,
    last_used_at: timestamp,
  })
  .meta({ id: 'DeprecatedCall' });
export const auditEvent = z
  .object({
    id: idOf('auditEvent'),
    at: timestamp,
    actor: z.string(),
    impersonator: z.string().nullable().describe('The operator who acted in the place of the actor'),
    auth_method: z.string(),
    action: z.string(),
    resource: z.string().nullable(),
    result: z.enum(['success', 'denied', 'unknown']),
    detail: z.record(z.string(), z.unknown()).nullable(),
    request_id: z.string().nullable(),
    ip: z.string().nullable(),
    seq: z.number().int().describe('Without gaps, from 1'),
    prev_hash: z.string().describe('hash of the entry before; empty for the first'),
    hash: z.string(),
  })
  .meta({ id: 'AuditEvent' });
export const auditQuery = z.strictObject({
  ...countedPageQuery,
  action: z.string().max(64).optional().describe('Beginning of the action, for example instance or member.modify'),
  actor: z.string().max(64).optional().describe('Exactly, or the operator behind it'),
  resource: z.string().max(64).optional().describe('Id of what was changed'),
  result: z.enum(['success', 'denied', 'unknown']).optional(),
});
export const auditExportQuery = z.strictObject({
  from_seq: z.coerce.number().int().min(1).default(1).describe('First entry'),
  count: z.coerce.number().int().min(1).max(10_000).default(10_000).describe('Most entries'),
});
export const auditVerification = z
  .object({
    intact: z.boolean(),
    entries: z.number().int(),
    last_seq: z.number().int(),
    head_hash: z.string().nullable().describe('Keep it elsewhere: a chain that was written anew has another one'),
    broken_at_seq: z.number().int().nullable().describe('First entry that does not fit'),
    checked_at: timestamp,
  })
  .meta({ id: 'AuditVerification' });

export const balance = z
  .object({
    balance: money.describe('Prepaid balance; negative when overdrawn'),
    promotional: money.describe('Promotional credit that can still be used'),
    unbilled: money.describe('Usage since the last invoice that promotional credit does not cover'),
    owed: money.describe('Due on issued invoices'),
    available: money.describe('balance plus promotional, minus unbilled and owed'),
    credit_limit: money.describe('Postpaid: how far available may fall below 0'),
    burn_per_hour: money.describe('What the running workloads cost per hour'),
    runway_seconds: z
      .number()
      .int()
      .nullable()
      .describe('Until available and the credit limit are used up at this rate; null when nothing runs'),
  })
  .meta({ id: 'Balance' });
/** How a payment is made online; cards must have been saved before. */
export const onlineBody = {
  payment_method_id: idOf('paymentMethod').optional().describe('A saved card; default: the default one'),
  return_url: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .optional()
    .describe('Where the customer comes back to'),
};
export const topUpBody = z.strictObject({
  amount: z.string().regex(/^\d{1,9}(\.\d{1,3})?$/, 'a positive decimal amount, for example "500.00"'),
  method: z.enum(['bank_transfer', 'card', 'alipay', 'wechat_pay']).default('bank_transfer'),
  ...onlineBody,
});
export const payment = z
  .object({
    id: idOf('payment'),
    provider: z.enum(['manual', 'sandbox', 'stripe']),
    status: z.enum(['pending', 'requires_action', 'processing', 'succeeded', 'failed', 'canceled']),
    amount: money,
    reference: z.string(),
    purpose: z.enum(['top_up', 'auto_top_up', 'invoice']),
    method: z.string().nullable(),
    failure: z.string().nullable().describe("The provider's reason, in its own words"),
    redirect_url: z.string().nullable().describe('Where the customer has to go to complete it'),
    refunded: money,
    dispute: z
      .object({ status: z.enum(['open', 'won', 'lost']), amount: money })
      .nullable()
      .describe('The cardholder has objected; the money is away until it is won'),
    created_at: timestamp,
    settled_at: timestamp.nullable(),
  })
  .meta({ id: 'Payment' });
export const ledgerLine = z
  .object({
    journal_id: idOf('journal'),
    kind: z.string(),
    memo: z.string(),
    booked_at: timestamp,
    amount: money.describe('Effect on the balance'),
  })
  .meta({ id: 'LedgerLine' });
