/** Quantiles of times in milliseconds, rounded. */
export interface Spread {
  p50: number;
  p99: number;
  max: number;
}

export function spread(times: readonly number[]): Spread {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (q: number) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN);
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
