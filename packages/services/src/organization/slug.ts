import { randomInt } from 'node:crypto';

const LETTERS = 'abcdefghjkmnpqrstvwxyz23456789';

function suffix(length: number): string {
  return Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]!).join('');
}

/**
 * Names for URLs made from a name of any script: first the Latin letters and digits of it alone, then with random endings.
 * A name without Latin letters starts with `fallback`; a `reserved` one gets an ending at once.
 */
export function* slugCandidates(
  name: string,
  fallback: string,
  reserved: ReadonlySet<string> = new Set(),
): Generator<string> {
  const latin = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  if (latin && !reserved.has(latin)) yield latin;
  for (;;) yield `${latin || fallback}-${suffix(6)}`;
}
