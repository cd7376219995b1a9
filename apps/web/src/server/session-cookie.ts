/** Cookies that hold a token of one plane. The tenant and the operator plane never share one. */
export type Plane = 'tenant' | 'operator';

const BASE_NAME: Record<Plane, string> = { tenant: 'sx_session', operator: 'sx_operator' };

/** True when the browser's own connection is https; a proxy in front says so in X-Forwarded-Proto. */
export function isSecureRequest(headers: Headers, url: string | null): boolean {
  const forwarded = headers.get('x-forwarded-proto')?.split(',')[0]?.trim();
  if (forwarded) return forwarded === 'https';
  return url?.startsWith('https:') ?? false;
}

/** The cookie's name. Over https it carries `__Host-`, which browsers accept only with Secure, Path=/ and no Domain. */
export function sessionCookieName(plane: Plane, secure: boolean): string {
  return secure ? `__Host-${BASE_NAME[plane]}` : BASE_NAME[plane];
}

/** Flags of the cookie; `expires` is when the token itself ends, or the past to clear it. */
export function sessionCookieOptions(secure: boolean, expires: Date) {
  return { httpOnly: true, sameSite: 'lax' as const, secure, path: '/', expires };
}
