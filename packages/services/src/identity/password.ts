import { hash, verify } from '@node-rs/argon2';
import { ProblemError } from '@suanxiang/domain/errors';

/** OWASP's argon2id parameters: 19 MiB, two passes, one lane (about 30 to 80 ms). The library's default is argon2id. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Hashing takes a core: more at once would starve everything else. */
const AT_ONCE = 2;
const LONGEST_QUEUE = 64;

let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) {
    if (waiting.length >= LONGEST_QUEUE) {
      throw new ProblemError('unavailable', 'Too many people are signing in at this moment.', { retryAfterS: 2 });
    }
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else {
    running += 1;
  }
  try {
    return await work();
  } finally {
    // The place goes straight to the next in the queue, so that `running` never passes the limit.
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

/** Hash of a password in PHC string format (argon2id). Throws `unavailable` when too many are waiting. */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, PARAMETERS));
}

/** True when the password is the hash's. A hash that cannot be read matches nothing. */
export function verifyPassword(phc: string, password: string): Promise<boolean> {
  return inTurn(() => verify(phc, password).catch(() => false));
}
