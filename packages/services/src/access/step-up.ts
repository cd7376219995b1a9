import type { Route } from '@suanxiang/contract/route';
import { ProblemError } from '@suanxiang/domain/errors';
import type { Person, Principal } from './principal';

/** How long a proof of who one is holds for what is sensitive. */
export const PROOF_SECONDS = 300;

function isFresh(person: Person, nowMs: number): boolean {
  return nowMs - person.reauthenticatedAt.getTime() <= PROOF_SECONDS * 1000;
}

function reauthenticationRequired(): ProblemError {
  return new ProblemError(
    'reauthentication_required',
    'This needs a proof of who you are from the last five minutes.',
    {
      members: { max_age_seconds: PROOF_SECONDS },
    },
  );
}

/** The one gate of routes that want a recent proof. API keys pass: they prove themselves with every request. */
export function requireFreshProof(route: Pick<Route, 'stepUp'>, person: Person | null, nowMs: number): void {
  if (route.stepUp && person && !isFresh(person, nowMs)) throw reauthenticationRequired();
}

/** The same for an act that wants it only sometimes, for example one that makes or unmakes an owner. */
export function requireFreshPerson({ person }: Pick<Principal, 'person'>, nowMs: number): void {
  requireFreshProof({ stepUp: true }, person, nowMs);
}

/** What a member is told whose organisation demands a second factor. */
export function mfaRequired(): ProblemError {
  return new ProblemError(
    'mfa_required',
    'This organization lets members act only when they have signed in with a second factor.',
  );
}

/** Turning the demand for a second factor on or off: for owners who have one themselves and have just proved it. */
export function requireOwnFactor(principal: Principal, nowMs: number): void {
  const { person } = principal;
  if (principal.role !== 'owner' || !person) {
    throw new ProblemError('permission_denied', 'Only owners decide whether a second factor is demanded.');
  }
  if (person.aal < 2) throw mfaRequired();
  if (!isFresh(person, nowMs)) throw reauthenticationRequired();
}
