import { hash, verify } from '@node-rs/argon2';
import { createTurns } from '../access/turns';

/** OWASP's argon2id parameters: 19 MiB, two passes, one lane (about 30 to 80 ms). The library's default is argon2id. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Hashing takes a core: more at once would starve everything else. */
const inTurn = createTurns(2, 64, 'Too many people are signing in at this moment.');

/** Hash of a password in PHC string format (argon2id). Throws `unavailable` when too many are waiting. */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, PARAMETERS));
}

/** True when the password is the hash's. A hash that cannot be read matches nothing. */
export function verifyPassword(phc: string, password: string): Promise<boolean> {
  return inTurn(() => verify(phc, password).catch(() => false));
}
