import { createHmac, randomInt, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * API keys: `sx_sk_<live|test>_<id12><secret32><crc6>`, base62. The id finds the row, the secret (190 bits) proves it,
 * the CRC32 over everything before it refuses typing errors and guesses without asking the database. What is stored is
 * HMAC-SHA256(pepper, whole key): a slow hash has nothing to slow down at this entropy.
 */
export type KeyEnvironment = 'live' | 'test';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ID_LENGTH = 12;
const SECRET_LENGTH = 32;
const CRC_LENGTH = 6;
const FORM = /^sx_sk_(live|test)_([0-9A-Za-z]{12})([0-9A-Za-z]{32})([0-9A-Za-z]{6})$/;
export const PEPPER_VERSION = 1;

export interface NewKey {
  /** The whole key, shown once. */
  key: string;
  /** Public part. */
  lookup: string;
  last4: string;
}

/** A whole number 0..n-1, not to be guessed. */
type Pick = (n: number) => number;

function base62(length: number, pick: Pick): string {
  return Array.from({ length }, () => ALPHABET[pick(ALPHABET.length)]!).join('');
}

function checksum(text: string): string {
  let value = crc32(text);
  let out = '';
  for (let i = 0; i < CRC_LENGTH; i += 1) {
    out = ALPHABET[value % 62]! + out;
    value = Math.floor(value / 62);
  }
  return out;
}

/** Makes a key, by default from the system's random generator. */
export function newKey(env: KeyEnvironment, pick: Pick = (n) => randomInt(n)): NewKey {
  const lookup = base62(ID_LENGTH, pick);
  const body = `sx_sk_${env}_${lookup}${base62(SECRET_LENGTH, pick)}`;
  return { key: body + checksum(body), lookup, last4: checksum(body).slice(-4) };
}

/** The public parts of a key, or null when text is no key or its checksum is wrong. */
export function parseKey(text: string): { env: KeyEnvironment; lookup: string } | null {
  const match = FORM.exec(text);
  if (!match) return null;
  if (checksum(text.slice(0, -CRC_LENGTH)) !== match[4]) return null;
  return { env: match[1] as KeyEnvironment, lookup: match[2]! };
}

/** What is stored of a key (hex). */
export function keyMac(pepper: string, key: string): string {
  return createHmac('sha256', pepper).update(key, 'utf8').digest('hex');
}

/** Compares in time that does not depend on where they differ. */
export function macMatches(stored: string, given: string): boolean {
  const [a, b] = [Buffer.from(stored, 'hex'), Buffer.from(given, 'hex')];
  return a.length === b.length && a.length > 0 && timingSafeEqual(a, b);
}

/** How a key is shown: prefix, public id's beginning and the last four characters. */
export function displayKey(env: string, lookup: string, last4: string): string {
  return `sx_sk_${env}_${lookup.slice(0, 4)}...${last4}`;
}
