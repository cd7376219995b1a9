import { describe, expect, it } from 'vitest';
import type { Invoice, QueueEntry } from '../src/api/types';
import { waterfallOf } from '../src/features/invoices/waterfall';
import { timelineOf } from '../src/features/queue/timeline';
import { dayQueryOf, neighbourDay, parseDay } from '../src/features/usage/period';

type Money = Invoice['total'];
const yuan = (amount: string): Money => ({ amount, currency: 'CNY' });
const line = (project_id: string | null, amount: string) =>
  ({ project_id, amount: yuan(amount) }) as Invoice['lines'][number];

describe('waterfall of an invoice', () => {
  const invoice = {
    lines: [line('proj_a', '10.10'), line('proj_b', '50.00'), line('proj_a', '19.90'), line(null, '-5.00')],
    subtotal: yuan('75.00'),
    promotional: yuan('15.00'),
    tax: yuan('3.60'),
    total: yuan('63.60'),
    paid: yuan('0.00'),
    credited: yuan('0.00'),
    due: yuan('63.60'),
  };

  it('adds lines up by project exactly, and leaves out what changes nothing', () => {
    const steps = waterfallOf(invoice).map(({ key, amount }) => [key, amount]);
    expect(steps).toEqual([
      ['proj_b', '50.00'],
      ['proj_a', '30.00'],
      ['', '-5.00'],
      ['subtotal', '75.00'],
      ['promotional', '-15.00'],
      ['tax', '3.60'],
      ['total', '63.60'],
      ['due', '63.60'],
    ]);
  });

  it('lets every bar begin where the one before it ended', () => {
    const spans = waterfallOf(invoice).map(({ from, to }) =>
      [from * 80, to * 80].map((end) => Math.round(end * 100) / 100),
    );
    // The highest point is 80: both projects, before the adjustment.
    expect(spans).toEqual([
      [0, 50],
      [50, 80],
      [75, 80],
      [0, 75],
      [60, 75],
      [60, 63.6],
      [0, 63.6],
      [0, 63.6],
    ]);
  });

  it('of nothing has no bar that is not a number', () => {
    const zero = yuan('0.00');
    const steps = waterfallOf({
      ...invoice,
      lines: [],
      subtotal: zero,
      promotional: zero,
      tax: zero,
      total: zero,
      due: zero,
    });
    for (const { from, to } of steps) expect([from, to]).toEqual([0, 0]);
  });
});

describe('time-line of the queue', () => {
  const now = Date.parse('2026-03-01T00:00:00Z');
  const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString();
  const entry = (name: string, basis: 'planned' | 'queue' | 'beyond', from: number, likely: number, to: number) => ({
    name,
    estimate: { basis, from_at: at(from), likely_at: at(likely), to_at: at(to) } as QueueEntry['estimate'],
  });

  it('orders by the likeliest start on an axis that ends with the latest', () => {
    const { rows, spanS } = timelineOf(
      [entry('late', 'queue', 60, 90, 120), entry('soon', 'planned', -5, 30, 30), { name: 'unknown', estimate: null }],
      now,
    );
    expect(spanS).toBe(7_200);
    expect(rows.map(({ entry: { name }, from, likely, to, planned }) => [name, from, likely, to, planned])).toEqual([
      ['soon', 0, 0.25, 0.25, true],
      ['late', 0.5, 0.75, 1, false],
    ]);
  });

  it('draws nothing without a start in sight', () => {
    expect(timelineOf([entry('never', 'beyond', 0, 10, 20)], now).rows).toEqual([]);
  });
});

describe('a day of usage', () => {
  it('lasts from midnight to midnight of the account, an hour less when clocks go forward', () => {
    expect(dayQueryOf('2026-03-01', 'proj_a', 'Asia/Shanghai')).toEqual({
      from: '2026-02-28T16:00:00Z',
      to: '2026-03-01T16:00:00Z',
      project_id: 'proj_a',
    });
    const { from, to } = dayQueryOf('2026-03-29', undefined, 'Europe/Berlin');
    expect(Date.parse(to) - Date.parse(from)).toBe(23 * 3_600_000);
  });

  it('has neighbours over the end of a month', () => {
    expect([neighbourDay('2026-03-01', -1), neighbourDay('2026-12-31', 1)]).toEqual(['2026-02-28', '2027-01-01']);
  });

  it('is read from an address only when it is one', () => {
    expect(['2026-03-01', '2026-13-01', 'today', '', undefined].map(parseDay)).toEqual([
      '2026-03-01',
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
