import fc from 'fast-check';

/**
 * One seed for all properties of a run, so that the same commit gives the same verdict on every machine. `FC_SEED=random`
 * (what the soak project sets) or a number looks elsewhere; a failing property prints the seed it had.
 */
const wanted = process.env.FC_SEED ?? '20261101';

if (wanted !== 'random') {
  const seed = Number(wanted);
  if (!Number.isSafeInteger(seed)) throw new Error(`FC_SEED is "${wanted}": give a whole number or "random".`);
  fc.configureGlobal({ seed });
}
