import type { Locale } from '@suanxiang/domain/locale';

/** Everything an invoice says in words, in one language. */
export interface InvoiceTexts {
  title: string;
  draftTitle: string;
  draftNote: string;
  closingNote(final: string): string;
  voidTitle: string;
  sandboxNote: string;
  seller: string;
  buyer: string;
  taxId: string;
  number: string;
  issued: string;
  period: string;
  timeZone: string;
  currency: string;
  due: string;
  paid: string;
  total: string;
  item: string;
  gpus: string;
  seconds: string;
  price: string;
  amount: string;
  severalPrices: string;
  noLines: string;
  perGpuHour: string;
  correction: string;
  minimum(seconds: string): string;
  measured(seconds: string): string;
  undelivered(seconds: string, reasons: string): string;
  blocks(count: string, digest: string): string;
  segment(gpus: string, seconds: string): string;
  subtotal: string;
  promo: string;
  tax(rate: string): string;
  paidFromBalance: string;
  credited: string;
  amountDue: string;
  state: Record<'paid' | 'partly' | 'open' | 'void' | 'draft' | 'closing', string>;
  proofTitle: string;
  proof: string;
  proofDraft: string;
  digest: string;
  engine: string;
  page(page: number, pages: number): string;
  comma: string;
  soFar: string;
}

const en: InvoiceTexts = {
  title: 'Invoice',
  draftTitle: 'Draft invoice',
  draftNote: 'Usage so far in a period that is still running. Not an invoice; no payment is due on it.',
  closingNote: (final) =>
    `The period has ended. Usage that arrives late still counts until ${final}; then the invoice is final. No payment is due on this draft.`,
  voidTitle: 'Void invoice',
  sandboxNote: 'Test document of a sandbox organisation. Not a demand for payment.',
  seller: 'From',
  buyer: 'Bill to',
  taxId: 'Tax ID',
  number: 'Number',
  issued: 'Issued',
  period: 'Period',
  timeZone: 'Time zone',
  currency: 'Currency',
  due: 'Amount due',
  paid: 'Paid',
  total: 'Total',
  item: 'Item',
  gpus: 'GPUs',
  seconds: 'Seconds',
  price: 'Price / GPU-hour',
  amount: 'Amount',
  severalPrices: 'see below',
  noLines: 'No usage in this period.',
  perGpuHour: '/ GPU-hour',
  correction: 'Difference to what was billed for this period',
  minimum: (seconds) => `${seconds} s added to reach the least billed time of a start`,
  measured: (seconds) => `${seconds} s measured`,
  undelivered: (seconds, reasons) => `Not delivered, not billed: ${seconds} s (${reasons})`,
  blocks: (count, digest) => `${count} blocks ${digest}`,
  segment: (gpus, seconds) => `${gpus} × ${seconds} s`,
  subtotal: 'Subtotal',
  promo: 'Promotional credit',
  tax: (rate) => `Tax (${rate} %)`,
  paidFromBalance: 'Paid from balance',
  credited: 'Credit notes',
  amountDue: 'Amount due',
  state: { paid: 'Paid', partly: 'Partly paid', open: 'Due', void: 'Void', draft: 'Draft', closing: 'Closing' },
  proofTitle: 'Check this invoice',
  proof:
    'Each line is rated from usage blocks of 60 one-second samples, multiplied exactly and rounded once. The digest seals every figure above and, through the digest of each line, every sample. Download the blocks of a line with: suan invoices evidence',
  proofDraft: 'Figures of a draft change with every second of usage. The invoice will carry a digest that seals them.',
  digest: 'SHA-256',
  engine: 'Rules',
  page: (page, pages) => `Page ${page} of ${pages}`,
  comma: ', ',
  soFar: 'So far',
};

const zh: InvoiceTexts = {
  title: '账单',
  draftTitle: '账单草稿',
  draftNote: '账期尚未结束，此处为截至目前的用量。草稿不是正式账单，无需付款。',
  closingNote: (final) => `账期已结束。${final} 前迟到的用量仍会计入，届时账单定稿。本草稿无需付款。`,
  voidTitle: '账单（已作废）',
  sandboxNote: '沙箱组织的测试文件，不构成付款要求。',
  seller: '开票方',
  buyer: '客户',
  taxId: '税号',
  number: '编号',
  issued: '出账时间',
  period: '账期',
  timeZone: '时区',
  currency: '币种',
  due: '应付金额',
  paid: '已付',
  total: '合计',
  item: '项目',
  gpus: '卡数',
  seconds: '秒数',
  price: '单价 / 卡时',
  amount: '金额',
  severalPrices: '见下',
  noLines: '本账期没有用量。',
  perGpuHour: '/ 卡时',
  correction: '与该账期已出账金额的差额',
  minimum: (seconds) => `补足单次启动的最低计费时长：${seconds} 秒`,
  measured: (seconds) => `实测 ${seconds} 秒`,
  undelivered: (seconds, reasons) => `未交付、未计费：${seconds} 秒（${reasons}）`,
  blocks: (count, digest) => `区块 ${count} 个 ${digest}`,
  segment: (gpus, seconds) => `${gpus} 卡 × ${seconds} 秒`,
  subtotal: '小计',
  promo: '赠送额度抵扣',
  tax: (rate) => `税额（${rate} %）`,
  paidFromBalance: '余额支付',
  credited: '贷项通知单',
  amountDue: '应付金额',
  state: { paid: '已付清', partly: '部分付款', open: '待付款', void: '已作废', draft: '草稿', closing: '结账中' },
  proofTitle: '如何核对',
  proof:
    '每一行均由 60 个逐秒采样组成的用量区块精确计算，只在行末取整一次。下方摘要锁定上文全部数字，并通过各行摘要锁定每一个采样。下载某一行的区块：suan invoices evidence',
  proofDraft: '草稿数字随用量逐秒变化；正式账单会附上锁定全部数字的摘要。',
  digest: 'SHA-256',
  engine: '计费规则',
  page: (page, pages) => `第 ${page} 页，共 ${pages} 页`,
  comma: '、',
  soFar: '截至目前',
};

export function invoiceTexts(locale: Locale): InvoiceTexts {
  return locale === 'zh-CN' ? zh : en;
}

const CREDIT_NOTE = {
  noteTitle: { en: 'Credit note', zh: '贷项通知单' },
  noteIssued: { en: 'Issued', zh: '开具时间' },
  corrects: { en: 'Corrects invoice', zh: '更正账单' },
  givenBack: { en: 'Given back', zh: '退回金额' },
  settled: { en: 'Lowers the amount due', zh: '冲减应付金额' },
  toBalance: { en: 'Added to the balance', zh: '计入余额' },
  noteReason: {
    en: 'Evidence that arrived after the invoice shows less usage than was billed. The invoice stays as it is; this note gives back the difference.',
    zh: '出账后收到的用量记录表明实际用量少于已计费用量。原账单保持不变，差额由本通知单退回。',
  },
} as const;

/** What a credit note says in words beyond what an invoice says. */
export function creditNoteTexts(locale: Locale): Record<keyof typeof CREDIT_NOTE, string> {
  const pick = Object.entries(CREDIT_NOTE).map(([key, text]) => [key, locale === 'zh-CN' ? text.zh : text.en]);
  return Object.fromEntries(pick) as Record<keyof typeof CREDIT_NOTE, string>;
}

const REASONS: Record<string, { en: string; zh: string }> = {
  device_fault: { en: 'accelerator fault', zh: '加速卡故障' },
  host_lost: { en: 'host unreachable', zh: '主机失联' },
  host_loss: { en: 'host unreachable', zh: '主机失联' },
  maintenance: { en: 'our maintenance', zh: '平台维护' },
  spend_cap: { en: 'after the spend cap was reached', zh: '已达消费上限' },
  provisioning: { en: 'provisioning not finished', zh: '开通未完成' },
};

/** Why seconds were not delivered, in words; an unknown code is shown as it is. */
export function undeliveredReason(code: string, locale: Locale): string {
  const known = REASONS[code];
  if (!known) return code;
  return locale === 'zh-CN' ? known.zh : known.en;
}
