import { withSql } from '@suanxiang/db/tenant';
import type { CallMeta, Person } from '../access/principal';
import { PROOF_SECONDS } from '../access/step-up';
import type { AppContext } from '../context';
import { invalid } from '../problem';
import type { InputOf, UseCase } from '../use-case';
import { closeChallenge, lockChallenge, openChallenge } from './challenge';
import { enterGuard, leaveGuard, proofRefused } from './guard';
import { proofOptions, relyingPartyOf, takePasskey } from './passkey';
import { provePassword } from './passwords';
import { requirePerson } from './require-person';
import { auditPerson } from './session-answer';
import { takeTotpCode } from './totp';

const CHALLENGE_SECONDS = 300;

type Body = InputOf<'reauthenticate'>['body'];

/** A challenge for one of the person's own passkeys. */
export const startPasskeyProof: UseCase<'startPasskeyProof'> = async (ctx, signedIn) => {
  const person = requirePerson(signedIn);
  return withSql(ctx.auth, async (sql) => {
    const options = await proofOptions(sql, relyingPartyOf(ctx.webUrl), person.id);
    const ticket = await openChallenge(sql, {
      kind: 'reauthenticate',
      userId: person.id,
      data: { challenge: options.challenge },
      seconds: CHALLENGE_SECONDS,
    });
    return { ticket, public_key: { ...options } };
  });
};

/** True when the code or passkey is the person's. */
function proveFactor(ctx: AppContext, person: Person, body: Body, meta: CallMeta): Promise<boolean> {
  return withSql(ctx.auth, async (sql) => {
    await enterGuard(sql, person.id);
    let right = false;
    if (body.totp_code) right = await takeTotpCode(ctx, sql, person.id, body.totp_code, meta.nowMs);
    else if (body.ticket) {
      const challenge = await lockChallenge<{ challenge: string }>(sql, body.ticket, ['reauthenticate']);
      if (challenge?.userId === person.id) {
        await closeChallenge(sql, challenge.tokenHash);
        const party = relyingPartyOf(ctx.webUrl);
        right = (await takePasskey(sql, party, challenge.data.challenge, body.passkey, person.id)) !== null;
      }
    }
    await leaveGuard(sql, person.id, right);
    return right;
  });
}

/** Notes that who is signed in has proved it again just now, which what is sensitive wants. */
export const reauthenticate: UseCase<'reauthenticate'> = async (ctx, signedIn, meta, { body }) => {
  const person = requirePerson(signedIn);
  if ([body.password, body.totp_code, body.passkey].filter((proof) => proof !== undefined).length !== 1) {
    throw invalid('/body', 'Send exactly one of password, totp_code and passkey.', 'one_of');
  }
  const right =
    body.password === undefined
      ? await proveFactor(ctx, person, body, meta)
      : await provePassword(ctx, person.id, body.password);
  if (!right) throw proofRefused();
  const aal = body.password === undefined ? 2 : person.aal;
  const [row] = await withSql(
    ctx.auth,
    (sql) => sql<{ at: Date }>`
      UPDATE auth_session SET reauthenticated_at = now(), aal = ${aal} WHERE token = ${person.sessionHash}
      RETURNING reauthenticated_at AS at`,
  );
  if (!row) throw proofRefused();
  await auditPerson(ctx, person.id, meta, 'session.reauthenticate');
  return { reauthenticated_at: row.at.toISOString(), valid_seconds: PROOF_SECONDS };
};
