import { withOrgSql } from '@suanxiang/db/tenant';
import type { Bilingual } from '@suanxiang/domain/locale';
import { type Currency, formatDecimal, formatMicro } from '@suanxiang/domain/money';
import type { BillingEventKind } from '@suanxiang/metering/accrual/billing-events';
import type { Stage } from '@suanxiang/metering/accrual/stage';
import { countRows } from '../access/count-rows';
import { listPage } from '../access/list-page';
import type { UseCase } from '../use-case';

interface Row {
  id: string;
  kind: BillingEventKind;
  at: Date;
  detail: Record<string, string | number>;
}

const STAGE_TEXTS: Record<Stage, Bilingual> = {
  ok: { en: 'The account has enough money again.', zh: '账户余额已恢复充足。' },
  low_3d: { en: 'The money lasts less than three days at the present rate.', zh: '按当前速度，余额不足三天。' },
  low_1d: { en: 'The money lasts less than one day at the present rate.', zh: '按当前速度，余额不足一天。' },
  grace: {
    en: 'The money is used up. Everything goes on and is charged for the grace period.',
    zh: '余额已用尽，宽限期内继续运行并计费。',
  },
  frozen: {
    en: 'The grace period is over: everything was stopped and is kept.',
    zh: '宽限期已过，资源已全部停止并保留。',
  },
  released: {
    en: 'The time for keeping is over: what was stopped is deleted.',
    zh: '保留期已过，已停止的资源被删除。',
  },
};

function textOf({ kind, detail }: Row): Bilingual {
  if (kind === 'stage_changed') return STAGE_TEXTS[detail.to as Stage];
  if (kind === 'auto_top_up_requested') return { en: 'An automatic top-up was requested.', zh: '已发起自动充值。' };
  const currency = detail.currency as Currency;
  if (kind === 'idle_warned' || kind === 'idle_stopped') {
    const perHour = `${formatMicro(BigInt(detail.per_hour_micro ?? 0), currency)} ${currency}`;
    const at = new Date(Number(detail.stops_s) * 1000).toISOString().slice(0, 16).replace('T', ' ');
    return kind === 'idle_warned'
      ? {
          en: `${detail.name} is idle and burns ${perHour} an hour. It stops at ${at} UTC unless it works again.`,
          zh: `${detail.name} 处于空闲，每小时消耗 ${perHour}。如仍无任务，将于 ${at} UTC 停止。`,
        }
      : {
          en: `${detail.name} was stopped because it stayed idle; it no longer burns ${perHour} an hour.`,
          zh: `${detail.name} 持续空闲，已停止；每小时不再消耗 ${perHour}。`,
        };
  }
  const money = (minor: string | number | undefined) => `${formatDecimal(BigInt(minor ?? 0), currency)} ${currency}`;
  const [amount, spent, forecast] = [detail.amount_minor, detail.spent_minor, detail.forecast_minor].map(money);
  if (kind === 'cap_reached') {
    return {
      en: `Spend cap ${detail.name}: ${amount} reached; what ran under it ended in that second.`,
      zh: `消费上限“${detail.name}”：已达 ${amount}，其下运行的资源已在当秒结束。`,
    };
  }
  if (kind === 'budget_forecast') {
    return {
      en: `Budget ${detail.name}: ${forecast} of ${amount} expected at the end of the period.`,
      zh: `预算“${detail.name}”：预计期末达到 ${forecast}，预算为 ${amount}。`,
    };
  }
  return {
    en: `Budget ${detail.name}: ${detail.percent} % reached, ${spent} of ${amount}.`,
    zh: `预算“${detail.name}”：已达 ${detail.percent}%，${spent} / ${amount}。`,
  };
}

/** Warnings and budget alerts, newest first. */
export const listBillingEvents: UseCase<'listBillingEvents'> = async (ctx, { orgId }, _meta, { query }) => {
  const { rows, end } = await listPage<Row>(ctx, {
    orgId,
    operationId: 'listBillingEvents',
    query,
    parts: 2,
    positionOf: (row) => [row.at.toISOString(), row.id],
    fetch: (after, take) =>
      withOrgSql(
        ctx.api,
        orgId,
        (sql) => sql<Row>`
          SELECT id, kind, at, detail FROM billing_event
          WHERE org_id = ${orgId} AND (${after?.[0] ?? null}::timestamptz IS NULL
            OR (at, id) < (${after?.[0] ?? null}::timestamptz, ${after?.[1] ?? null}))
          ORDER BY at DESC, id DESC LIMIT ${take}`,
      ),
    count: (most) =>
      countRows(
        ctx.api,
        orgId,
        (sql) => sql<{ n: number }>`
          SELECT count(*)::int AS n FROM (SELECT 1 FROM billing_event WHERE org_id = ${orgId} LIMIT ${most}) counted`,
      ),
  });
  const items = rows.map((row) => ({ id: row.id, kind: row.kind, at: row.at.toISOString(), text: textOf(row) }));
  return { items, ...end };
};
