import type { Sql } from '@suanxiang/db/sql';
import { withOrgSql } from '@suanxiang/db/tenant';
import type { Currency } from '@suanxiang/domain/money';
import { type ArrearsPolicy, defaultArrears } from '@suanxiang/metering/policy';
import { mutate } from '../access/mutate';
import { minorMoney } from '../money';
import { invalid } from '../problem';
import type { AnswerOf, UseCase } from '../use-case';
import { amountMinor } from './amount-text';

type Answer = AnswerOf<'getBillingSettings'>;

/** The steps of arrears, as they are shown before anything happens. */
function stepsOf(policy: ArrearsPolicy): Answer['when_it_runs_out'] {
  const { firstWarningS, lastWarningS, graceS, keepS } = policy;
  const step = (stage: Answer['when_it_runs_out'][number]['stage'], after_seconds: number, en: string, zh: string) => ({
    stage,
    after_seconds,
    what: { en, zh },
  });
  return [
    step('low_3d', firstWarningS, 'First warning: the money lasts three days', '首次提醒：余额可用三天'),
    step('low_1d', lastWarningS, 'Last warning: the money lasts one day', '最后提醒：余额可用一天'),
    step('grace', 0, 'At zero: everything goes on and is charged', '余额为零：资源继续运行并计费'),
    step('frozen', graceS, 'Everything is stopped; disks and addresses are kept', '全部停止；磁盘与地址保留'),
    step('released', keepS, 'What was stopped is deleted', '已停止的资源被删除'),
  ];
}

interface Row {
  currency: Currency;
  mode: 'prepaid' | 'postpaid';
  credit_limit: string;
  enabled: boolean;
  threshold: string;
  amount: string;
  cool_off: number;
  daily_max: string | null;
  stage: Answer['stage'];
  since: string | null;
}

/** How an account pays and where it stands. */
export async function readSettings(sql: Sql, orgId: string): Promise<Answer> {
  const [row] = await sql<Row>`
    SELECT o.currency, coalesce(s.mode, 'prepaid') AS mode, coalesce(s.credit_limit_minor, 0)::text AS credit_limit,
      coalesce(s.auto_enabled, false) AS enabled, coalesce(s.auto_threshold_minor, 0)::text AS threshold,
      coalesce(s.auto_amount_minor, 0)::text AS amount, coalesce(s.auto_cool_off_s, 0) AS cool_off,
      s.auto_daily_max_minor::text AS daily_max, coalesce(a.stage, 'ok') AS stage, a.stage_since_s::text AS since
    FROM organization o LEFT JOIN billing_settings s ON s.org_id = o.id LEFT JOIN accrual a ON a.org_id = o.id
    WHERE o.id = ${orgId}`;
  const { currency, daily_max: dailyMax, since } = row!;
  return {
    mode: row!.mode,
    credit_limit: minorMoney(BigInt(row!.credit_limit), currency),
    auto_top_up: {
      enabled: row!.enabled,
      threshold: minorMoney(BigInt(row!.threshold), currency),
      amount: minorMoney(BigInt(row!.amount), currency),
      cool_off_seconds: row!.cool_off,
      daily_max: dailyMax === null ? null : minorMoney(BigInt(dailyMax), currency),
    },
    stage: row!.stage,
    stage_since: since === null ? null : new Date(Number(since) * 1000).toISOString(),
    when_it_runs_out: stepsOf(defaultArrears),
  };
}

/** How the account pays, where it stands, and what would happen next. */
export const getBillingSettings: UseCase<'getBillingSettings'> = (ctx, { orgId }) =>
  withOrgSql(ctx.api, orgId, (sql) => readSettings(sql, orgId));

const HOUR_S = 3600;

/** Sets up automatic top-up; what is not named stays as it is, and needs an amount before it can be switched on. */
export const updateBillingSettings: UseCase<'updateBillingSettings'> = (ctx, principal, meta, { body }) =>
  mutate(ctx, principal, meta, 'billing.settings', async (sql) => {
    const { orgId } = principal;
    const { auto_top_up: wanted } = body;
    const before = await readSettings(sql, orgId);
    const { currency } = before.credit_limit;
    const minor = (text: string | undefined, name: string, least: 0n | 1n) =>
      text === undefined ? null : amountMinor(text, currency, `/body/auto_top_up/${name}`, least);
    const amount = minor(wanted.amount, 'amount', 1n);
    const threshold = minor(wanted.threshold, 'threshold', 0n);
    const dailyMax = wanted.daily_max == null ? null : minor(wanted.daily_max, 'daily_max', 1n);
    const hasAmount = amount !== null || Number(before.auto_top_up.amount.amount) > 0;
    if (wanted.enabled && !hasAmount) throw invalid('/body/auto_top_up/amount', 'Say how much to add.', 'required');
    const keepsMax = wanted.daily_max === undefined;
    await sql`
      INSERT INTO billing_settings (org_id, auto_cool_off_s) VALUES (${orgId}, ${HOUR_S}::int) ON CONFLICT DO NOTHING`;
    await sql`
      UPDATE billing_settings SET auto_enabled = ${wanted.enabled},
        auto_threshold_minor = coalesce(${threshold}::bigint, auto_threshold_minor),
        auto_amount_minor = coalesce(${amount}::bigint, auto_amount_minor),
        auto_cool_off_s = coalesce(${wanted.cool_off_seconds ?? null}::int, auto_cool_off_s),
        auto_daily_max_minor = CASE WHEN ${keepsMax}::boolean THEN auto_daily_max_minor ELSE ${dailyMax}::bigint END
      WHERE org_id = ${orgId}`;
    const answer = await readSettings(sql, orgId);
    return { answer, resource: orgId, detail: { auto_top_up: answer.auto_top_up } };
  });
