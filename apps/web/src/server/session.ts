import { cookies, headers } from 'next/headers';
import { isSecureRequest, type Plane, sessionCookieName, sessionCookieOptions } from './session-cookie';

/** The token of a plane that the present request carries, or null. */
export async function readToken(plane: Plane): Promise<string | null> {
  const [jar, head] = await Promise.all([cookies(), headers()]);
  return jar.get(sessionCookieName(plane, isSecureRequest(head, null)))?.value ?? null;
}

/** Stores a token for a plane. Only route handlers may call this. */
export async function storeToken(plane: Plane, request: Request, token: string, expiresAt: string): Promise<void> {
  const secure = isSecureRequest(request.headers, request.url);
  (await cookies()).set(sessionCookieName(plane, secure), token, sessionCookieOptions(secure, new Date(expiresAt)));
}

/** Forgets the token of a plane. Only route handlers may call this. */
export async function clearToken(plane: Plane, request: Request): Promise<void> {
  const secure = isSecureRequest(request.headers, request.url);
  (await cookies()).set(sessionCookieName(plane, secure), '', sessionCookieOptions(secure, new Date(0)));
}
