import { type Json, type Line, lesser, SecondRater, seconds } from './second-rater';

const stamp = (second: number) => new Date(second * 1000).toISOString().replace('.000Z', 'Z');

const midnights = new Map<string, number>();

/** First minute at which the local date is the first of the month or later. */
export function midnight(month: string, zone: string): number {
  const known = midnights.get(month + zone);
  if (known !== undefined) return known;
  const date = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' });
  let second = Date.parse(`${month}-01T00:00:00Z`) / 1000 - 16 * 3600;
  while (date.format(second * 1000) < `${month}-01`) second += 60;
  midnights.set(month + zone, second);
  return second;
}

export function monthAfter(month: string): string {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
}

function fraction(num: bigint, den: bigint): string {
  let [a, b] = [num, den];
  while (b) [a, b] = [b, a % b];
  return num === 0n ? '0/1' : `${num / a}/${den / a}`;
}

const halfAway = (num: bigint, den: bigint) => (2n * num + den) / (2n * den);

const amountOf = (rater: SecondRater, line: Line) => halfAway(line.cost, rater.L * rater.D);

function lineResult(rater: SecondRater, line: Line): Json {
  return {
    key: line.key,
    qty_gpu_ppm_s: fraction(line.qty, rater.L),
    exact_minor: fraction(line.cost, rater.L * rater.D),
    amount_minor: Number(amountOf(rater, line)),
  };
}

/** Promotional credits: every second belongs to the part between two credit boundaries; parts burn in time order. */
function burnPromo(
  rater: SecondRater,
  lines: Line[],
  span: { from: number; to: number },
  promos: Json[],
  left: Map<string, bigint>,
): Map<string, bigint> {
  const { from, to } = span;
  const edges = new Set([from, to]);
  for (const c of promos) {
    for (const edge of [c.effective, c.expires].filter(Boolean).map(seconds))
      if (edge > from && edge < to) edges.add(edge);
  }
  const starts = [...edges].sort((a, b) => a - b);
  const parts = starts.slice(0, -1).map((start, i) => ({ start, end: starts[i + 1]!, amount: 0n }));
  for (const line of lines) {
    const costs = parts.map(({ start, end }) => {
      let cost = 0n;
      for (const [t, c] of line.bySecond) if (t >= start && t < end) cost += c;
      return cost;
    });
    const amount = amountOf(rater, line);
    if (line.cost === 0n || line.bySecond.size === 0) continue;
    const shares = costs.map((cost) => (cost * amount) / line.cost);
    const rests = costs.map((cost, i) => ({ i, rest: (cost * amount) % line.cost }));
    rests.sort((a, b) => (a.rest === b.rest ? a.i - b.i : a.rest > b.rest ? -1 : 1));
    const missing = Number(amount - shares.reduce((a, b) => a + b, 0n));
    for (const { i } of rests.slice(0, missing)) shares[i]! += 1n;
    shares.forEach((share, i) => {
      parts[i]!.amount += share;
    });
  }
  const burnt = new Map<string, bigint>();
  for (const part of parts) {
    let open = part.amount;
    for (const c of promos) {
      if (c.effective && seconds(c.effective) > part.start) continue;
      if (c.expires && seconds(c.expires) < part.end) continue;
      const has = left.get(c.id)!;
      const taken = lesser(has, open);
      left.set(c.id, has - taken);
      open -= taken;
      if (taken > 0n) burnt.set(c.id, (burnt.get(c.id) ?? 0n) + taken);
    }
  }
  return burnt;
}

function inBurnOrder(credits: Json[]): Json[] {
  const key = (c: Json) => [
    c.kind === 'promo' ? 0 : 1,
    c.priority ?? 0,
    c.expires ? seconds(c.expires) : Number.MAX_SAFE_INTEGER,
    c.granted ? seconds(c.granted) : 0,
    c.id,
  ];
  return [...credits].sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    const at = x.findIndex((value, i) => value !== y[i]);
    return at < 0 ? 0 : x[at]! < y[at]! ? -1 : 1;
  });
}

/** The lines of a period; last what they lack to the account's commitment, a line without seconds. */
function linesOf(rater: SecondRater, item: Json, from: number, to: number, cutoff: number) {
  const { lines, capAt } = rater.rate(from, to, cutoff);
  const commitment = item.account.commitment_minor;
  if (commitment === undefined) return { lines, capAt };
  const spent = lines.reduce((sum, line) => sum + amountOf(rater, line), 0n);
  const lacking = BigInt(commitment) > spent ? BigInt(commitment) - spent : 0n;
  const trueUp = { key: 'commitment', qty: 0n, cost: lacking * rater.L * rater.D, bySecond: new Map() };
  return { lines: [...lines, trueUp], capAt };
}

/** The result of a case in the shape of its `expect`. */
export function secondRating(item: Json): Json {
  const rater = new SecondRater(item);
  const zone = item.account.time_zone ?? 'UTC';
  const grace = item.config?.grace_seconds ?? 86400;
  const credits = inBurnOrder(item.credits ?? []);
  const left = new Map<string, bigint>(credits.map((c) => [c.id, BigInt(c.amount_minor)]));
  const done: { id: string; from: number; to: number; billed: Map<string, bigint> }[] = [];
  const invoices: Json = {};
  const periods = item.invoices.map((invoice: Json) => {
    const month = invoice.month;
    return { id: invoice.id, from: midnight(month, zone), to: midnight(monthAfter(month), zone) };
  });
  for (const { id, from, to } of periods.sort((a: Json, b: Json) => a.to - b.to)) {
    const adjustments: Json[] = [];
    const notes: Json[] = [];
    for (const earlier of done) {
      for (const line of linesOf(rater, item, earlier.from, earlier.to, to + grace).lines) {
        const delta = amountOf(rater, line) - (earlier.billed.get(line.key) ?? 0n);
        earlier.billed.set(line.key, amountOf(rater, line));
        const entry = { key: line.key, corrects_invoice: earlier.id, amount_minor: Number(delta) };
        if (delta !== 0n) (delta > 0n ? adjustments : notes).push(entry);
      }
    }
    const { lines, capAt } = linesOf(rater, item, from, to, to + grace);
    done.push({ id, from, to, billed: new Map(lines.map((line) => [line.key, amountOf(rater, line)])) });
    const subtotal = lines.reduce((sum, line) => sum + amountOf(rater, line), 0n);
    const promos = credits.filter((c) => c.kind === 'promo');
    const burnt = burnPromo(rater, lines, { from, to }, promos, left);
    const base = [...burnt.values()].reduce((rest, taken) => rest - taken, subtotal);
    const tax = item.account.tax;
    const rate = BigInt(tax?.rate_ppm ?? 0);
    const net = tax?.mode === 'inclusive' ? halfAway(base * 1_000_000n, 1_000_000n + rate) : base;
    const taxMinor = tax?.mode === 'inclusive' ? base - net : halfAway(base * rate, 1_000_000n);
    const total = adjustments.reduce((sum, entry) => sum + BigInt(entry.amount_minor), net + taxMinor);
    let due = total;
    for (const c of credits.filter((credit) => credit.kind === 'paid')) {
      if (c.effective && seconds(c.effective) > to + grace) continue;
      const taken = lesser(left.get(c.id)!, due);
      left.set(c.id, left.get(c.id)! - taken);
      due -= taken;
      if (taken > 0n) burnt.set(c.id, taken);
    }
    invoices[id] = {
      period_utc: [stamp(from), stamp(to)],
      period_seconds: to - from,
      lines: lines.map((line) => lineResult(rater, line)),
      subtotal_minor: Number(subtotal),
      ...(burnt.size > 0 && {
        credits_applied: Object.fromEntries([...burnt].map(([credit, taken]) => [credit, Number(taken)])),
      }),
      ...(adjustments.length > 0 && { adjustments }),
      ...(notes.length > 0 && { credit_notes: notes }),
      ...(tax && { net_minor: Number(net), tax_minor: Number(taxMinor) }),
      total_minor: Number(total),
      due_minor: Number(due),
      ...(capAt !== null && { cap_reached_at: stamp(capAt) }),
    };
  }
  const lastTo = Math.max(...done.map(({ to }) => to));
  const states = credits.map((c) => {
    const isExpired = c.expires && seconds(c.expires) <= lastTo;
    const rest = Number(left.get(c.id));
    return [c.id, { remaining_minor: isExpired ? 0 : rest, expired_minor: isExpired ? rest : 0 }];
  });
  return {
    invoices,
    quarantined_samples: rater.quarantined,
    ...(credits.length > 0 && { credits: Object.fromEntries(states) }),
  };
}
