import { createHash } from 'node:crypto';
import type { CallOutput } from '@suanxiang/contract/client';
import { mintId } from '@suanxiang/domain/ids';
import { iso, utilizationAt } from './workloads';

type UsageRow = CallOutput<'getUsage'>['rows'][number];
type Invoice = CallOutput<'getInvoice'>;
type Block = CallOutput<'listInvoiceEvidence'>['items'][number];
type Currency = 'CNY' | 'USD';

const DAY = 86_400;
export const hex = (text: string) => createHash('sha256').update(text).digest('hex');
const nowS = () => Math.floor(Date.now() / 1000);

const amountOf = (seconds: number, gpus: number, perHour: string) =>
  ((seconds * gpus * Number(perHour)) / 3600).toFixed(2);

export function usageRows(currency: Currency, projectId: string): UsageRow[] {
  const seeds = [
    ['train-llama-70b', 'nvidia-h100', 8, '18.6', 9 * DAY, 2.4 * DAY, false],
    ['notebook-lin', 'nvidia-h20', 1, '8.4', 6 * DAY, 0.7 * DAY, false],
    ['推理-在线-01', 'ascend-910b', 4, '6.2', 3 * DAY, 3 * DAY, true],
    ['eval-nightly', 'cambricon-mlu590', 2, '5.9', 1.2 * DAY, 0.31 * DAY, false],
  ] as const;
  return seeds.map(([workload_name, model, gpus, price, ago, length, running], index) => {
    const from_s = nowS() - Math.floor(ago);
    const seconds = Math.floor(length);
    return {
      allocation_id: mintId('allocation', from_s * 1000 + index),
      workload_id: mintId('workloadInstance', from_s * 1000),
      workload_name,
      kind: index === 0 ? 'cluster' : 'instance',
      rank: 0,
      project_id: projectId,
      sku: `gpu.${model}.cn-north`,
      accelerator_id: model,
      gpus,
      from_s,
      to_s: from_s + seconds,
      running,
      billed_seconds: seconds - (index === 0 ? 412 : 0),
      measured_seconds: seconds - (index === 0 ? 412 : 3),
      undelivered_seconds: index === 0 ? 412 : 0,
      average_utilization_ppm: index === 3 ? null : 872_300 - index * 61_000,
      amount: { amount: amountOf(seconds, gpus, price), currency },
    };
  });
}

export function usageReport(currency: Currency, projectId: string): CallOutput<'getUsage'> {
  const rows = usageRows(currency, projectId);
  const total = rows.reduce((sum, row) => sum + Number(row.amount.amount), 0);
  const days = Array.from({ length: 14 }, (_, index) => {
    const share = [0.2, 0.35, 0.5, 0.62, 0.6, 0.9, 1, 0.95, 0.4, 0.3, 0.82, 0.88, 0.7, 0.33][index] ?? 0.5;
    return {
      day: iso(Date.now() - (13 - index) * DAY * 1000).slice(0, 10),
      amount: { amount: ((total / 9) * share).toFixed(2), currency },
      gpu_seconds: String(Math.round(691_200 * share)),
    };
  });
  return {
    from_s: nowS() - 14 * DAY,
    to_s: nowS(),
    currency,
    total: { amount: total.toFixed(2), currency },
    gpu_seconds: String(rows.reduce((sum, row) => sum + row.gpus * row.billed_seconds, 0)),
    rows,
    days,
  };
}

export function blocksOf(allocation_id: string, fromS: number, count: number, offset: number): Block[] {
  return Array.from({ length: count }, (_, index) => {
    const win_start_s = Math.floor(fromS / 60) * 60 + (offset + index) * 60;
    const values_ppm = Array.from({ length: 60 }, (_, second) =>
      index === 4 && second > 40 && second < 48 ? null : utilizationAt(win_start_s + second),
    );
    const measured = values_ppm.filter((ppm) => ppm !== null);
    return {
      allocation_id,
      win_start_s,
      rev: index === 4 ? 1 : 0,
      measured: measured.length,
      average_ppm: Math.round(measured.reduce((a, b) => a + b, 0) / measured.length),
      digest: hex(`${allocation_id}${win_start_s}`),
      agent_id: 'sim:cn-north-a-n0042',
      received_at: iso((win_start_s + 62) * 1000),
      values_ppm,
    };
  });
}

export function makeInvoice(
  id: string,
  number: string | null,
  monthsAgo: number,
  currency: Currency,
  projectId: string,
): Invoice {
  const from = new Date();
  from.setUTCDate(1);
  from.setUTCHours(0, 0, 0, 0);
  from.setUTCMonth(from.getUTCMonth() - monthsAgo);
  const to = new Date(from);
  to.setUTCMonth(to.getUTCMonth() + 1);
  const lines = usageRows(currency, projectId).map((row) => ({
    key: `usage|${row.allocation_id}|${row.sku}`,
    kind: 'usage' as const,
    description: {
      en: `${row.workload_name}: ${row.gpus} × ${row.accelerator_id}, North China (Beijing)`,
      zh: `${row.workload_name}：${row.gpus} × ${row.accelerator_id}，华北（北京）`,
    },
    allocation_id: row.allocation_id,
    workload_id: row.workload_id,
    project_id: projectId,
    sku: row.sku,
    gpus: row.gpus,
    from_s: row.from_s,
    to_s: row.to_s,
    billed_seconds: row.billed_seconds,
    measured_seconds: row.measured_seconds,
    undelivered_seconds: row.undelivered_seconds,
    minimum_seconds: 0,
    undelivered:
      row.undelivered_seconds > 0
        ? [{ from_s: row.from_s, to_s: row.from_s + row.undelivered_seconds, reason: 'host_loss' }]
        : [],
    qty: `${row.billed_seconds * row.gpus}/1`,
    exact_minor: `${Math.round(Number(row.amount.amount) * 100 * 3) + 1}/3`,
    amount: row.amount,
    segments: [
      {
        from_s: row.from_s,
        to_s: row.from_s + Math.floor(row.billed_seconds / 2),
        kind: 'usage' as const,
        gpus: `${row.gpus}/1`,
        price_per_gpu_hour: '18.60',
        qty: '1000/1',
        exact_minor: '5000/3',
        allocation_id: null,
        band: null,
      },
      {
        from_s: row.from_s + Math.floor(row.billed_seconds / 2),
        to_s: row.to_s,
        kind: 'usage' as const,
        gpus: `${row.gpus}/1`,
        price_per_gpu_hour: '17.90',
        qty: '1000/1',
        exact_minor: '4810/3',
        allocation_id: null,
        band: null,
      },
    ],
    block_count: Math.ceil(row.billed_seconds / 60),
    blocks_digest: hex(row.allocation_id),
  }));
  const subtotal = lines.reduce((sum, line) => sum + Number(line.amount.amount), 0);
  const tax = subtotal * 0.06;
  const money = (value: number) => ({ amount: value.toFixed(2), currency });
  const draft = number === null;
  return {
    id,
    number,
    status: draft ? 'draft' : 'final',
    period_from: from.toISOString(),
    period_to: to.toISOString(),
    time_zone: 'Asia/Shanghai',
    total: money(subtotal + tax),
    due: money(draft ? subtotal + tax : monthsAgo === 2 ? 120.5 : 0),
    issued_at: draft ? null : to.toISOString(),
    final_at: draft ? new Date(to.getTime() + 86_400_000).toISOString() : null,
    from_s: from.getTime() / 1000,
    to_s: to.getTime() / 1000,
    subtotal: money(subtotal),
    promotional: money(0),
    tax: money(tax),
    tax_rate_ppm: 60_000,
    paid: money(draft ? 0 : subtotal + tax - (monthsAgo === 2 ? 120.5 : 0)),
    credited: money(0),
    seller: {
      name: '算想云（北京）科技有限公司',
      address: '北京市海淀区中关村大街 1 号',
      tax_id: '91110108MA00TEST01',
    },
    buyer: { name: '澜图智能科技有限公司', address: '上海市浦东新区张江路 88 号', tax_id: '91310115MA1TEST88X' },
    digest: draft ? null : hex(id),
    engine_version: 'rating/1',
    lines,
  };
}
