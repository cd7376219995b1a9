/** What one tenant wants and may claim. */
export interface Claim {
  demand: number;
  weight: number;
  guaranteed: number;
}

/**
 * Who is entitled to how much of a capacity: first everybody's guarantee, as far as he wants it, then the rest in proportion to
 * weights, where nobody gets more than he wants (max-min fairness by water filling).
 */
export function entitlements(claims: readonly Claim[], capacity: number): number[] {
  const given = claims.map((one) => Math.min(one.demand, one.guaranteed));
  const promised = given.reduce((sum, one) => sum + one, 0);
  if (promised >= capacity) return given.map((one) => (promised === 0 ? 0 : (one * capacity) / promised));
  // Levels at which a claim is satisfied: from its guarantee up, per weight.
  const order = claims
    .map((claim, at) => ({ at, weight: claim.weight, most: claim.demand - given[at]! }))
    .filter((one) => one.most > 0)
    .sort((a, b) => a.most / a.weight - b.most / b.weight);
  let rest = capacity - promised;
  let weights = order.reduce((sum, one) => sum + one.weight, 0);
  for (const one of order) {
    const part = Math.min(one.most, (rest * one.weight) / weights);
    given[one.at]! += part;
    rest -= part;
    weights -= one.weight;
  }
  return given;
}
