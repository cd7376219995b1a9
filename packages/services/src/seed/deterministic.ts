import { createHmac } from 'node:crypto';

/** Gives whole numbers 0..n-1. */
export type Picker = (n: number) => number;

/**
 * A generator that gives the same numbers for the same secret and label: HMAC-SHA256 in counter mode, two bytes a number,
 * with values that would favour the low ones thrown away. What it makes is as secret as the secret. n up to 65536.
 */
export function picker(secret: string, label: string): Picker {
  let counter = 0;
  let bytes = Buffer.alloc(0);
  let at = 0;
  const next = () => {
    if (at + 2 > bytes.length) {
      bytes = createHmac('sha256', secret).update(`${label}\n${counter}`).digest();
      counter += 1;
      at = 0;
    }
    at += 2;
    return bytes.readUInt16BE(at - 2);
  };
  return (n) => {
    const fair = 65_536 - (65_536 % n);
    for (;;) {
      const value = next();
      if (value < fair) return value % n;
    }
  };
}

const LETTERS = 'abcdefghjkmnpqrstvwxyz23456789';

/** A password for a demonstration account of this installation: four groups of four, about 78 bits. */
export function demonstrationPassword(secret: string, email: string): string {
  const pick = picker(secret, `password ${email}`);
  const group = () => Array.from({ length: 4 }, () => LETTERS[pick(LETTERS.length)]).join('');
  return Array.from({ length: 4 }, group).join('-');
}
