import { add } from '@suanxiang/domain/rational';
import type { Invoice } from '@/api/types';
import { decimalText, parseDecimal } from '@/lib/decimal';

export interface WaterfallStep {
  key: string;
  /** group: lines of one project; sum: a figure of the invoice that the bar reaches down to. */
  kind: 'group' | 'less' | 'more' | 'sum';
  amount: string;
  /** Where the bar begins and ends on the axis, shares from 0 to 1; a float is enough for a drawing. */
  from: number;
  to: number;
}

const PLACES = 2;
const isNothing = (amount: string) => Number(amount) === 0;
const negative = (amount: string) => (amount.startsWith('-') ? amount.slice(1) : `-${amount}`);

/** Sums of an invoice's lines by project, highest first; lines of no project go under ''. */
function byProject(invoice: Pick<Invoice, 'lines'>): [string, string][] {
  const sums = new Map<string, string>();
  for (const { project_id, amount } of invoice.lines) {
    const key = project_id ?? '';
    const sum = add(parseDecimal(sums.get(key) ?? '0'), parseDecimal(amount.amount));
    sums.set(key, decimalText(sum, amount.amount.split('.')[1]?.length ?? PLACES));
  }
  return [...sums].sort(([, a], [, b]) => Number(b) - Number(a));
}

/**
 * How an invoice comes from its lines to what is due: each step's bar begins where the one before it ended. Steps that change
 * nothing are left out.
 */
export function waterfallOf(
  invoice: Pick<Invoice, 'lines' | 'subtotal' | 'promotional' | 'tax' | 'total' | 'paid' | 'credited' | 'due'>,
): WaterfallStep[] {
  const steps: Omit<WaterfallStep, 'from' | 'to'>[] = [
    ...byProject(invoice).map(([key, amount]) => ({ key, kind: 'group' as const, amount })),
    { key: 'subtotal', kind: 'sum', amount: invoice.subtotal.amount },
    { key: 'promotional', kind: 'less', amount: negative(invoice.promotional.amount) },
    { key: 'tax', kind: 'more', amount: invoice.tax.amount },
    { key: 'total', kind: 'sum', amount: invoice.total.amount },
    { key: 'paid', kind: 'less', amount: negative(invoice.paid.amount) },
    { key: 'credited', kind: 'less', amount: negative(invoice.credited.amount) },
    { key: 'due', kind: 'sum', amount: invoice.due.amount },
  ];
  const kept = steps.filter(({ kind, amount }) => kind === 'sum' || !isNothing(amount));
  let level = 0;
  const spans = kept.map(({ kind, amount }) => {
    const [from, to] = kind === 'sum' ? [0, Number(amount)] : [level, level + Number(amount)];
    level = to;
    return { from: Math.min(from, to), to: Math.max(from, to) };
  });
  const low = Math.min(0, ...spans.map(({ from }) => from));
  const length = Math.max(...spans.map(({ to }) => to)) - low || 1;
  return kept.map((step, index) => ({
    ...step,
    from: (spans[index]!.from - low) / length,
    to: (spans[index]!.to - low) / length,
  }));
}
