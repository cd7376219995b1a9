import type { CallOutput } from '@suanxiang/contract/client';

type Challenge = CallOutput<'startPasskeyProof'>;

/** Browsers keep passkeys for names, not for bare addresses. */
export function canUsePasskeys(): boolean {
  return typeof PublicKeyCredential !== 'undefined' && !/^[\d.]+$|^\[/.test(window.location.hostname);
}

/** Shows a passkey for a challenge. Throws when the person does not. */
export async function showPasskey(options: Challenge['public_key']): Promise<Record<string, unknown>> {
  const { startAuthentication } = await import('@simplewebauthn/browser');
  return { ...(await startAuthentication({ optionsJSON: options as never })) };
}

/** Makes a passkey for a challenge. Throws when the person does not. */
export async function makePasskey(options: Challenge['public_key']): Promise<Record<string, unknown>> {
  const { startRegistration } = await import('@simplewebauthn/browser');
  return { ...(await startRegistration({ optionsJSON: options as never })) };
}
