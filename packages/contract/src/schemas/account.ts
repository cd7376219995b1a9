import { z } from 'zod';
import { displayName, idOf, timestamp } from './common';
import { email, password, scope } from './identity';

/** Answers of browsers' WebAuthn: checked field by field by the verifier, bounded here. */
const webAuthn = z.record(z.string().max(64), z.unknown()).refine((value) => JSON.stringify(value).length <= 20_000, {
  error: 'at most 20,000 characters',
});
const ticket = z.string().regex(/^[\w-]{43}$/, 'the ticket of the answer before');
export const totpCode = z.string().regex(/^\d{6}$/, 'six digits');
export const recoveryCode = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9]{5}-[a-z0-9]{5}$/, 'like ab3de-7fghj');
const linkToken = z.string().regex(/^[\w-]{43}$/, 'the token of the link');

export const MFA_METHODS = ['totp', 'passkey', 'recovery_code'] as const;

/** How a second factor is shown: exactly one of them. */
const proof = {
  totp_code: totpCode.optional().describe('Of the authenticator app'),
  recovery_code: recoveryCode.optional().describe('Works once'),
  passkey: webAuthn.optional().describe("The browser's answer (AuthenticationResponseJSON)"),
};
export const completeSignInBody = z.strictObject({ ticket, ...proof });

export const reauthenticateBody = z.strictObject({
  password: z.string().max(200).optional(),
  totp_code: totpCode.optional().describe('Of the authenticator app'),
  passkey: webAuthn.optional().describe("The browser's answer (AuthenticationResponseJSON)"),
  ticket: ticket.optional().describe('Of POST /v1/me/passkeys/challenge; needed with passkey'),
});
export const reauthentication = z
  .object({ reauthenticated_at: timestamp, valid_seconds: z.number().int() })
  .meta({ id: 'Reauthentication' });

export const passkeyChallenge = z
  .object({
    ticket: z.string(),
    public_key: z.record(z.string(), z.unknown()).describe('Options for navigator.credentials'),
  })
  .meta({ id: 'PasskeyChallenge' });

export const forgotPasswordBody = z.strictObject({ email });
export const resetPasswordBody = z.strictObject({ token: linkToken, password });
export const verifyEmailBody = z.strictObject({ token: linkToken });
export const changePasswordBody = z.strictObject({ current_password: z.string().max(200), password });

export const passkey = z
  .object({ id: idOf('passkey'), name: z.string(), created_at: timestamp, last_used_at: timestamp.nullable() })
  .meta({ id: 'Passkey' });
export const addPasskeyBody = z.strictObject({ ticket, name: displayName, passkey: webAuthn });

export const accountSecurity = z
  .object({
    email: z.string(),
    email_verified: z.boolean(),
    totp: z.boolean().describe('An authenticator app is set up'),
    recovery_codes_left: z.number().int(),
    passkeys: z.array(passkey),
    aal: z.number().int().describe('1: this session was started with one factor; 2: with two, or with a passkey'),
    reauthenticated_at: timestamp.describe('When this session last proved who it is'),
  })
  .meta({ id: 'AccountSecurity' });

export const startedTotp = z.object({
  secret: z.string().describe('Base32, for typing it'),
  uri: z.string().describe('otpauth:// address, for a QR code'),
});
export const confirmTotpBody = z.strictObject({ totp_code: totpCode });
export const recoveryCodes = z.object({ recovery_codes: z.array(z.string()).describe('Shown once') });

export const signedInSession = z
  .object({
    id: idOf('session'),
    current: z.boolean(),
    device: z.string().describe('Browser or program, as it names itself'),
    ip_prefix: z.string().describe('Network it was started from, /24 or /48'),
    aal: z.number().int(),
    created_at: timestamp,
    last_seen_at: timestamp.describe('To the minute'),
    expires_at: timestamp,
  })
  .meta({ id: 'SignedInSession' });

// ---- devices (RFC 8628)
export const startDeviceBody = z.strictObject({
  client_name: displayName.describe('Of the machine that asks, shown to who approves'),
});
export const startedDevice = z.object({
  device_code: z.string(),
  user_code: z.string(),
  verification_uri: z.string(),
  verification_uri_complete: z.string(),
  expires_in: z.number().int().describe('Seconds'),
  interval: z.number().int().describe('Seconds between two questions'),
});
export const pollDeviceBody = z.strictObject({ device_code: z.string().regex(/^[\w-]{43}$/) });
export const deviceKey = z.object({
  secret: z.string().describe('API key, shown once'),
  api_key_id: idOf('apiKey'),
  organization_id: idOf('organization'),
});
/** As people type it: in any case, with or without the hyphen, with blanks around it. */
const userCode = z
  .string()
  .regex(
    /^\s{0,8}[B-DF-HJ-NP-TV-XZb-df-hj-np-tv-xz]{4}-?[B-DF-HJ-NP-TV-XZb-df-hj-np-tv-xz]{4}\s{0,8}$/,
    'like BCDF-GHJK',
  )
  .transform((text) => text.trim().toUpperCase().replace('-', ''));
export const lookUpDeviceBody = z.strictObject({ user_code: userCode });
export const deviceRequest = z
  .object({ client_name: z.string(), ip_prefix: z.string(), created_at: timestamp, expires_at: timestamp })
  .meta({ id: 'DeviceRequest' });
export const approveDeviceBody = z.strictObject({
  user_code: userCode,
  scopes: z.array(scope).min(1).max(10),
  project_id: idOf('project').optional(),
  expires_in_days: z.number().int().min(1).max(90).default(30).describe('Lifetime of the key'),
});
