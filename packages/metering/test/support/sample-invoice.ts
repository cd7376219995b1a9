import { CURRENCY_EXPONENTS, type Currency } from '@suanxiang/domain/money';
import { formatFraction, rational, roundHalfAwayFromZero } from '@suanxiang/domain/rational';
import type { InvoiceLine, InvoiceView } from '@suanxiang/metering/invoices/view';
import { costOf } from '@suanxiang/metering/rating/prices';

const FROM = Date.parse('2026-10-01T00:00:00+08:00') / 1000;
const TO = Date.parse('2026-11-01T00:00:00+08:00') / 1000;

interface LineSpec {
  en: string;
  zh: string;
  sku: string;
  gpus: number;
  startS: number;
  seconds: number;
  /** Prices in micro-units and from which second of the lease. */
  prices: readonly (readonly [fromS: number, micro: bigint])[];
  gap?: readonly [fromS: number, toS: number, reason: string];
}

/** A line as the rater would have made it. */
export function sampleLine(spec: LineSpec, index: number, currency: Currency): InvoiceLine {
  const end = spec.startS + spec.seconds;
  const gapSeconds = spec.gap ? spec.gap[1] - spec.gap[0] : 0;
  const segments = spec.prices.map(([fromS, micro], i) => {
    const toS = spec.prices[i + 1]?.[0] ?? spec.seconds;
    const billed = toS - fromS - (i === 0 ? gapSeconds : 0);
    const qty = rational(BigInt(spec.gpus) * BigInt(billed) * 1_000_000n);
    return {
      fromS: spec.startS + fromS,
      toS: spec.startS + toS,
      micro,
      billed,
      qty,
      exact: costOf(qty, micro, CURRENCY_EXPONENTS[currency]),
    };
  });
  const exact = segments.reduce(
    (sum, s) => ({ num: sum.num * s.exact.den + s.exact.num * sum.den, den: sum.den * s.exact.den }),
    rational(0n),
  );
  const allocationId = `alloc_01kb0000000000000000000${String(index).padStart(3, '0')}`;
  return {
    key: `usage:${allocationId}`,
    kind: 'usage',
    correctsInvoiceId: null,
    description: { en: spec.en, zh: spec.zh },
    allocationId,
    workloadId: 'inst_01kb0000000000000000000000',
    projectId: 'proj_01kb0000000000000000000000',
    sku: spec.sku,
    gpus: spec.gpus,
    fromS: spec.startS,
    toS: end,
    billedSeconds: spec.seconds - gapSeconds,
    measuredSeconds: spec.seconds - gapSeconds - 3,
    undeliveredSeconds: gapSeconds,
    minimumSeconds: 0,
    undelivered: spec.gap
      ? [{ fromS: spec.startS + spec.gap[0], toS: spec.startS + spec.gap[1], reason: spec.gap[2] }]
      : [],
    qty: formatFraction(segments.reduce((sum, s) => rational(sum.num + s.qty.num), rational(0n))),
    exactMinor: formatFraction(rational(exact.num, exact.den)),
    amountMinor: roundHalfAwayFromZero(exact),
    segments: segments.map((s) => ({
      kind: 'usage' as const,
      fromS: s.fromS,
      toS: s.toS,
      gpus: `${spec.gpus}/1`,
      microPerGpuHour: s.micro,
      qty: formatFraction(s.qty),
      exactMinor: formatFraction(s.exact),
      billedSeconds: s.billed,
    })),
    blockCount: Math.ceil(spec.seconds / 60),
    blocksDigest: '3fa2c1b07d5e9648a1f03c7790be12dd5580aa3f6f7f0f6a2c9d1e4b8a7c6d5e',
  };
}

const DAY = 86_400;
const SPECS: readonly LineSpec[] = [
  {
    en: 'Cluster 书生·浦语 预训练, node 1/4, 8 × NVIDIA H100 SXM 80GB',
    zh: '集群 书生·浦语 预训练，节点 1/4，英伟达 H100 SXM 80GB × 8',
    sku: 'gpu.nvidia-h100-80g.cn-north',
    gpus: 8,
    startS: FROM + 3 * DAY + 8_017,
    seconds: 183_744,
    prices: [[0, 18_360_000n]],
    gap: [40_000, 41_277, 'host_lost'],
  },
  {
    en: 'Instance 多模态大模型对齐实验（第三阶段·奖励模型重训）长名称换行, 8 × Huawei Ascend 910B3 64GB',
    zh: '实例 多模态大模型对齐实验（第三阶段·奖励模型重训）长名称换行，华为昇腾 910B3 64GB × 8',
    sku: 'gpu.ascend-910b3-64g.cn-north',
    gpus: 8,
    startS: FROM + 14 * DAY,
    seconds: 2 * DAY,
    prices: [
      [0, 7_200_000n],
      [DAY, 6_840_000n],
    ],
  },
  {
    en: `Instance x${'abcdefghij'.repeat(6)}, 1 × AMD Instinct MI300X 192GB`,
    zh: `实例 x${'abcdefghij'.repeat(6)}，AMD Instinct MI300X 192GB × 1`,
    sku: 'gpu.amd-mi300x-192g.ap-southeast',
    gpus: 1,
    startS: FROM + 20 * DAY + 59,
    seconds: 3_601,
    prices: [[0, 15_120_000n]],
  },
];

/** A Chinese or an international customer's invoice with `count` lines. */
export function sampleInvoice(currency: Currency, count: number, change: Partial<InvoiceView> = {}): InvoiceView {
  const lines = Array.from({ length: count }, (_, i) => sampleLine(SPECS[i % SPECS.length]!, i, currency));
  const totalMinor = lines.reduce((sum, line) => sum + line.amountMinor, 0n);
  const isCn = currency === 'CNY';
  return {
    id: 'inv_01kb0000000000000000000000',
    number: isCn ? 'SXCN-2026-000017' : 'SXSG-2026-000004',
    status: 'final',
    fromS: FROM,
    toS: TO,
    timeZone: isCn ? 'Asia/Shanghai' : 'Asia/Singapore',
    currency,
    subtotalMinor: totalMinor,
    promoMinor: 0n,
    previousDigest: null,
    taxRatePpm: 0,
    taxMinor: 0n,
    totalMinor,
    paidMinor: totalMinor,
    dueMinor: 0n,
    creditedMinor: 0n,
    issuedS: TO + DAY + 12,
    finalS: null,
    seller: isCn
      ? {
          name: '算想云（北京）科技有限公司 Suanxiang Cloud (Beijing) Technology Co., Ltd.',
          address: '北京市海淀区中关村东路 1 号院 8 号楼 12 层',
          taxId: '91110108MA01CLD08W',
        }
      : {
          name: 'Suanxiang Cloud Pte. Ltd.',
          address: '1 Fusionopolis Way, #12-01 Connexis North, Singapore 138632',
          taxId: '202412345K',
        },
    buyer: isCn
      ? {
          name: '星河智能科技（北京）有限公司',
          address: '北京市朝阳区望京东园四区 13 号楼 A 座 21 层',
          taxId: '91110105MA7XHZN21B',
        }
      : {
          name: 'Northwind Robotics Pte. Ltd.',
          address: '71 Ayer Rajah Crescent, #05-18, Singapore 139951',
          taxId: '201938271N',
        },
    digest: 'c0ffee5f0d1b2a39485766a7b8c9dae0f1e2d3c4b5a697887960514233241506',
    engineVersion: 'rating/1',
    lines,
    ...change,
  };
}
