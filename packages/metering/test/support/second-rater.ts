/**
 * A second rater, for checking the first (this file: the lines of a period; second-invoices.ts: invoices). It reads a raw case (format gpu-billing-cases/1) and goes through every second
 * of every lease, one by one, in plain integers. It shares no code with the product (own calendar, own times, own sums)
 * and is slow on purpose; keep it that way.
 */
// biome-ignore lint/suspicious/noExplicitAny: it reads raw case files
export type Json = any;

export interface Line {
  key: string;
  /** In 1/L GPU x ppm x seconds. */
  qty: bigint;
  /** In 1/(L x D) minor units. */
  cost: bigint;
  /** Cost by second, for credits. */
  bySecond: Map<number, bigint>;
}

interface Use {
  t: number;
  id: string;
  sku: string;
  qty: bigint;
  row: Json | null;
}

type Samples = Map<string, Map<number, { rev: number; util: number }>>;

const times = new Map<string, number>();

export function seconds(text: string): number {
  let time = times.get(text);
  if (time === undefined) {
    time = Math.floor(Date.parse(text.replace(/:60(\.\d+)?/, ':59').replace(/\.\d+/, '')) / 1000);
    times.set(text, time);
  }
  return time;
}

/** The lesser of two bigints (Math.min takes none). */
export const lesser = (a: bigint, b: bigint) => [a, b].sort((x, y) => (x < y ? -1 : x > y ? 1 : 0))[0]!;

export class SecondRater {
  private readonly config: Json;
  /** Product of all GPU denominators. */
  readonly L: bigint;
  /** Micro-unit ppm-seconds in a minor unit and hour. */
  readonly D: bigint;
  quarantined = 0;

  constructor(private readonly item: Json) {
    const defaults = { grace_seconds: 86400, late_limit_seconds: 3024000, future_limit_seconds: 300 };
    this.config = { ...defaults, gap_policy: 'zero', hold_seconds: 0, floor_ppm: 0, ...item.config };
    const holders = [...item.allocations, ...(item.reservations ?? [])];
    this.L = holders.reduce((product: bigint, a: Json) => product * BigInt(a.gpus.den ?? 1), 1n);
    this.D = 1_000_000n * 3600n * 10n ** BigInt(6 - item.account.exponent);
  }

  private gpus(holder: Json): bigint {
    return (BigInt(holder.gpus.num ?? holder.gpus) * this.L) / BigInt(holder.gpus.den ?? 1);
  }

  /** Samples by allocation and second that had arrived by the cutoff. */
  private merged(cutoff: number): Samples {
    const all: Samples = new Map();
    for (const a of this.item.allocations) all.set(a.id, new Map());
    this.quarantined = 0;
    for (const group of this.item.samples ?? []) {
      for (let i = 0; i < (group.n ?? 1); i += 1) {
        const t = seconds(group.t) + i * (group.step ?? 1);
        const arrival = group.arrive ? seconds(group.arrive) : t + (group.delay_s ?? 0);
        const util = group.util_ppm;
        const isValue = Number.isInteger(util) && util >= 0 && util <= 1000000;
        const isTime = t <= arrival + this.config.future_limit_seconds && arrival - t <= this.config.late_limit_seconds;
        const known = all.get(group.alloc);
        if (!isValue || !isTime || !known) {
          this.quarantined += 1;
          continue;
        }
        if (arrival > cutoff) continue;
        const rev = group.rev ?? 0;
        const before = known.get(t);
        if (!before || rev > before.rev || (rev === before.rev && util < before.util)) known.set(t, { rev, util });
      }
    }
    return all;
  }

  /** The row in force: greatest effective time, then latest publication, then latest start, then last in the book. */
  private priceRow(sku: string, t: number): Json | null {
    let best: { row: Json; rank: number[] } | null = null;
    for (const row of this.item.price_book) {
      const from = seconds(row.from);
      const published = row.published_at ? seconds(row.published_at) : from;
      const rank = [Math.max(from, published), published, from];
      if (row.sku !== sku || rank[0]! > t) continue;
      const other = best ? rank.findIndex((value, i) => value !== best!.rank[i]) : 0;
      if (!best || other < 0 || rank[other]! > best.rank[other]!) best = { row, rank };
    }
    return best?.row ?? null;
  }

  private isUndelivered(a: Json, t: number): boolean {
    return (a.undelivered ?? []).some((u: Json) => seconds(u.from) <= t && t < seconds(u.to));
  }

  private weight(a: Json, t: number, firstSecond: number, samples: Map<number, { util: number }>): number {
    if (this.isUndelivered(a, t)) return 0;
    if (a.mode === 'allocated') return 1_000_000;
    const { floor_ppm: floor, gap_policy: policy, hold_seconds: hold } = this.config;
    const sample = samples.get(t);
    if (sample) return Math.max(floor, sample.util);
    if (policy === 'floor') return floor;
    if (policy === 'hold') {
      for (let back = t - 1; back >= t - hold && back >= firstSecond; back -= 1) {
        const earlier = samples.get(back);
        if (earlier) return Math.max(floor, earlier.util);
      }
    }
    return 0;
  }

  private minimum(a: Json): number {
    if (a.mode !== 'allocated' || !a.end) return 0;
    let delivered = 0;
    for (let t = seconds(a.start); t < seconds(a.end); t += 1) if (!this.isUndelivered(a, t)) delivered += 1;
    const min = this.priceRow(a.sku, seconds(a.start))?.min_seconds ?? 0;
    return delivered > 0 && delivered < min ? min - delivered : 0;
  }

  private bandOf(tiers: Json[], qty: bigint): number {
    const index = tiers.findIndex((tier) => {
      return tier.up_to_gpu_seconds === null || qty <= BigInt(tier.up_to_gpu_seconds) * 1_000_000n * this.L;
    });
    return index < 0 ? tiers.length - 1 : index;
  }

  /** Cost of a tiered SKU's seconds, in the order in which they were used. */
  private tieredCosts(uses: { t: number; qty: bigint; row: Json }[]): { t: number; cost: bigint }[] {
    const whole = uses.reduce((sum, use) => sum + use.qty, 0n);
    let used = 0n;
    return uses.map(({ t, qty, row }) => {
      if (row.model === 'volume') {
        used += qty;
        return { t, cost: qty * BigInt(row.tiers[this.bandOf(row.tiers, whole)].micro_per_gpu_hour) };
      }
      let cost = 0n;
      let below = 0n;
      for (const [index, tier] of row.tiers.entries()) {
        const isLast = index === row.tiers.length - 1 || tier.up_to_gpu_seconds === null;
        const top = isLast ? used + qty : BigInt(tier.up_to_gpu_seconds) * 1_000_000n * this.L;
        const lower = used > below ? used : below;
        const upper = lesser(used + qty, top);
        if (upper > lower) cost += (upper - lower) * BigInt(tier.micro_per_gpu_hour);
        below = top;
        if (isLast) break;
      }
      used += qty;
      return { t, cost };
    });
  }

  private spanOf(a: Json, from: number, to: number): [number, number] {
    return [Math.max(seconds(a.start), from), Math.min(a.end ? seconds(a.end) : to, to)];
  }

  /** What every running allocation uses in one second, after reservations, with minimum charges. */
  private usesAt(t: number, span: { from: number; to: number }, inTurn: Json[], merged: Samples): Use[] {
    const { from, to } = span;
    const free = new Map<string, bigint>();
    for (const r of this.item.reservations ?? []) {
      if (seconds(r.from) <= t && t < seconds(r.to)) free.set(r.sku, (free.get(r.sku) ?? 0n) + this.gpus(r));
    }
    const uses: Use[] = [];
    for (const a of inTurn) {
      const start = seconds(a.start);
      if (t < start || (a.end && t >= seconds(a.end))) continue;
      const reserved = free.get(a.sku) ?? 0n;
      const taken = this.isUndelivered(a, t) ? 0n : lesser(reserved, this.gpus(a));
      free.set(a.sku, reserved - taken);
      let qty = (this.gpus(a) - taken) * BigInt(this.weight(a, t, Math.max(start, from), merged.get(a.id)!));
      // The minimum is charged with the first second, for the GPUs that no reservation covers.
      if (t === start) qty += this.minimumGpus(a, to) * BigInt(this.minimum(a)) * 1_000_000n;
      uses.push({ t, id: a.id, sku: a.sku, qty, row: this.priceRow(a.sku, t) });
    }
    return uses;
  }

  /** Costs of uses in time order: flat ones by themselves, tiered ones by SKU. */
  private costs(uses: Use[]): { key: string; t: number; qty: bigint; cost: bigint }[] {
    const flat = uses.filter((use) => !use.row?.tiers);
    const skus = new Set(uses.filter((use) => use.row?.tiers).map((use) => use.sku));
    return [
      ...flat.map(({ id, t, qty, row }) => {
        return { key: `usage:${id}`, t, qty, cost: qty * BigInt(row?.micro_per_gpu_hour ?? 0) };
      }),
      ...[...skus].flatMap((sku) => {
        const own = uses.filter((use) => use.sku === sku && use.row?.tiers);
        return this.tieredCosts(own).map(({ t, cost }, i) => ({ key: `tiered:${sku}`, t, qty: own[i]!.qty, cost }));
      }),
    ];
  }

  /** Uses of a period in time order up to the second that the cap keeps out. */
  private usesOf(from: number, to: number, running: Json[], merged: Samples): { uses: Use[]; capAt: number | null } {
    const inTurn = [...running].sort((a, b) => seconds(a.start) - seconds(b.start) || (a.id < b.id ? -1 : 1));
    const spans = running.map((a) => this.spanOf(a, from, to));
    const cap = this.item.account.spend_cap_minor;
    const uses: Use[] = [];
    for (let t = Math.min(...spans.map(([start]) => start)); t < Math.max(...spans.map(([, end]) => end)); t += 1) {
      const added = this.usesAt(t, { from, to }, inTurn, merged);
      if (cap !== undefined) {
        const total = this.costs([...uses, ...added]).reduce((sum, { cost }) => sum + cost, 0n);
        if (total > BigInt(cap) * this.L * this.D) return { uses, capAt: t };
      }
      for (const use of added) uses.push(use);
    }
    return { uses, capAt: null };
  }

  /** Keys of the lines that a period has even at 0, in their order. */
  private keysOf(from: number, to: number, running: Json[]): string[] {
    const flat: string[] = [];
    const tiered = new Set<string>();
    for (const a of running) {
      const [start, end] = this.spanOf(a, from, to);
      const kinds = new Set<boolean>();
      for (let t = start; t < end; t += 1) kinds.add(Boolean(this.priceRow(a.sku, t)?.tiers));
      if (kinds.has(false)) flat.push(`usage:${a.id}`);
      if (kinds.has(true)) tiered.add(a.sku);
    }
    const skus = [...new Set<string>(this.item.allocations.map((a: Json) => a.sku))];
    return [...flat, ...skus.filter((sku) => tiered.has(sku)).map((sku) => `tiered:${sku}`)];
  }

  private feeLine(r: Json, from: number, to: number): Line | null {
    const line: Line = { key: `reservation:${r.id}`, qty: 0n, cost: 0n, bySecond: new Map() };
    for (let t = Math.max(from, seconds(r.from)); t < Math.min(to, seconds(r.to)); t += 1) {
      const cost = this.gpus(r) * 1_000_000n * BigInt(r.micro_per_gpu_hour);
      line.qty += this.gpus(r) * 1_000_000n;
      line.cost += cost;
      line.bySecond.set(t, cost);
    }
    return line.qty > 0n ? line : null;
  }

  /** All lines of a period with the samples that arrived by the cutoff, and the second at which a cap was reached. */
  rate(from: number, to: number, cutoff: number): { lines: Line[]; capAt: number | null } {
    const running = this.item.allocations.filter((a: Json) => {
      const [start, end] = this.spanOf(a, from, to);
      return start < end;
    });
    const { uses, capAt } = this.usesOf(from, to, running, this.merged(cutoff));
    const lines = this.keysOf(from, to, running).map((key): Line => ({ key, qty: 0n, cost: 0n, bySecond: new Map() }));
    const byKey = new Map(lines.map((line) => [line.key, line]));
    for (const { key, t, qty, cost } of this.costs(uses)) {
      const line = byKey.get(key)!;
      line.qty += qty;
      line.cost += cost;
      line.bySecond.set(t, (line.bySecond.get(t) ?? 0n) + cost);
    }
    const fees = (this.item.reservations ?? []).flatMap((r: Json) => this.feeLine(r, from, to) ?? []);
    return { lines: [...lines, ...fees], capAt };
  }

  /** GPUs of an allocation that no reservation covers in its first delivered second of the period (all, if it has none). */
  private minimumGpus(a: Json, to: number): bigint {
    let t = seconds(a.start);
    while (this.isUndelivered(a, t)) t += 1;
    if (t >= to) return this.gpus(a);
    let free = 0n;
    for (const r of this.item.reservations ?? []) {
      if (r.sku === a.sku && seconds(r.from) <= t && t < seconds(r.to)) free += this.gpus(r);
    }
    const before = (b: Json) => seconds(b.start) < seconds(a.start) || (b.start === a.start && b.id < a.id);
    for (const b of this.item.allocations) {
      const isRunning = b.sku === a.sku && seconds(b.start) <= t && (!b.end || t < seconds(b.end));
      if (isRunning && before(b) && !this.isUndelivered(b, t)) free -= lesser(this.gpus(b), free);
    }
    return this.gpus(a) - lesser(free, this.gpus(a));
  }
}
