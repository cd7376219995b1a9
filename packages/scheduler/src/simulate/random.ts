import type { Prng } from '../replay/prng';

/** Between 0 (included) and 1. */
export function uniform(prng: Prng): number {
  return prng.next() / 2 ** 32;
}

/** Waiting time of a Poisson process with this mean. */
export function exponential(prng: Prng, mean: number): number {
  return -mean * Math.log(1 - uniform(prng));
}

/** Heavy-tailed: the logarithm is normal. */
export function logNormal(prng: Prng, median: number, sigma: number): number {
  const [u, v] = [1 - uniform(prng), uniform(prng)];
  return median * Math.exp(sigma * Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v));
}

/** One of the choices, as often as its weight says. */
export function choose<T>(prng: Prng, choices: readonly { weight: number; value: T }[]): T {
  let at = uniform(prng) * choices.reduce((sum, one) => sum + one.weight, 0);
  for (const one of choices) {
    at -= one.weight;
    if (at < 0) return one.value;
  }
  return choices.at(-1)!.value;
}
