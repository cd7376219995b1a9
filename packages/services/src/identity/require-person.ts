import { ProblemError } from '@suanxiang/domain/errors';
import type { Person, SignedIn } from '../access/principal';

/** The person behind a call about their own account. Throws `permission_denied` for a key, which has none. */
export function requirePerson(signedIn: SignedIn): Person {
  if (signedIn.person) return signedIn.person;
  throw new ProblemError('permission_denied', 'An API key has no account of its own; sign in as a person.');
}
