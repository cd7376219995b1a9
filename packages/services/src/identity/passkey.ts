import {
  type AuthenticationResponseJSON,
  type AuthenticatorTransport,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { Sql } from '@suanxiang/db/sql';

/** Whom passkeys belong to: the console's host name. */
export interface RelyingParty {
  id: string;
  origin: string;
}

/** Browsers know no passkeys of bare addresses: on one machine the console is meant by its name, localhost. */
export function relyingPartyOf(webUrl: string): RelyingParty {
  const url = new URL(webUrl);
  if (url.hostname === '127.0.0.1' || url.hostname === '[::1]') url.hostname = 'localhost';
  return { id: url.hostname, origin: url.origin };
}

interface StoredPasskey {
  id: string;
  user_id: string;
  credential_id: string;
  public_key: Uint8Array<ArrayBuffer>;
  counter: string;
  transports: AuthenticatorTransport[];
}

async function passkeysOf(sql: Sql, userId: string): Promise<StoredPasskey[]> {
  return sql<StoredPasskey>`
    SELECT id, user_id, credential_id, public_key, counter::text, transports FROM auth_passkey WHERE user_id = ${userId}`;
}

const named = ({ credential_id: id, transports }: StoredPasskey) => ({ id, transports });

/** Options for showing one of a person's passkeys; of anybody's when no person is named yet. */
export async function proofOptions(sql: Sql, party: RelyingParty, userId: string | null) {
  const known = userId === null ? [] : await passkeysOf(sql, userId);
  return generateAuthenticationOptions({
    rpID: party.id,
    userVerification: 'required',
    allowCredentials: known.map(named),
  });
}

/** Options for making a passkey on a person's device, which must check who they are by itself. */
export async function creationOptions(
  sql: Sql,
  party: RelyingParty,
  user: { id: string; email: string; name: string },
) {
  return generateRegistrationOptions({
    rpID: party.id,
    rpName: 'Suanxiang Cloud',
    userID: new TextEncoder().encode(user.id),
    userName: user.email,
    userDisplayName: user.name,
    attestationType: 'none',
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
    excludeCredentials: (await passkeysOf(sql, user.id)).map(named),
  });
}

/** The passkey in a browser's answer to `creationOptions`; null when it does not hold. */
export async function readCreated(party: RelyingParty, challenge: string, answer: unknown) {
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: answer as RegistrationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
    });
    return verified && registrationInfo ? registrationInfo.credential : null;
  } catch {
    // The library throws for everything that a made-up answer can hold.
    return null;
  }
}

/**
 * The person whose passkey answered the challenge, with the device having checked who they are; null when it does not hold.
 * `userId`: only this person's.
 */
export async function takePasskey(
  sql: Sql,
  party: RelyingParty,
  challenge: string,
  answer: unknown,
  userId: string | null,
): Promise<string | null> {
  const id = String((answer as { id?: unknown } | null)?.id ?? '');
  const [row] = await sql<StoredPasskey>`
    SELECT id, user_id, credential_id, public_key, counter::text, transports FROM auth_passkey
    WHERE credential_id = ${id} AND (${userId}::text IS NULL OR user_id = ${userId}) FOR UPDATE`;
  if (!row) return null;
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: answer as AuthenticationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      credential: {
        id: row.credential_id,
        publicKey: new Uint8Array(row.public_key),
        counter: Number(row.counter),
        transports: row.transports,
      },
    });
    if (!verified) return null;
    await sql`UPDATE auth_passkey SET counter = ${authenticationInfo.newCounter}, last_used_at = now() WHERE id = ${row.id}`;
    return row.user_id;
  } catch {
    return null;
  }
}
