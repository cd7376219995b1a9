import type { Principal } from '../access/principal';

/** What a look-up of a key found. */
export interface KnownKey {
  principal: Principal;
  /** MAC of the whole key, as stored. */
  mac: string;
  env: string;
  /** Unix milliseconds; null when it never expires. */
  expiresAtMs: number | null;
}

/**
 * Remembers keys that were found good for a moment, so that a client's many requests ask the database once. Nothing tells
 * other processes of a revocation: they find out when the moment is over, with or without Redis (ADR 0025).
 */
export interface KeyCache {
  /** What is known of a key's public part and not too old. */
  find(lookup: string): KnownKey | null;
  keep(lookup: string, known: KnownKey): void;
  /** Forgets a key that was changed or revoked here. */
  drop(keyId: string): void;
}

const KEPT_MS = 3_000;
const MOST = 10_000;

export function createKeyCache(nowMs: () => number): KeyCache {
  const kept = new Map<string, KnownKey & { atMs: number }>();
  return {
    find(lookup) {
      const known = kept.get(lookup);
      if (!known) return null;
      const ageMs = nowMs() - known.atMs;
      // A clock that was set back must not make it live longer.
      if (ageMs >= 0 && ageMs < KEPT_MS) return known;
      kept.delete(lookup);
      return null;
    },
    keep(lookup, known) {
      kept.delete(lookup);
      kept.set(lookup, { ...known, atMs: nowMs() });
      if (kept.size > MOST) kept.delete(kept.keys().next().value!);
    },
    drop(keyId) {
      for (const [lookup, { principal }] of kept) if (principal.id === keyId) kept.delete(lookup);
    },
  };
}
