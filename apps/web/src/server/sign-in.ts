import { forward } from './forward';
import { requestLanguage } from './language';
import { isSameOriginMutation } from './origin';
import { problemResponse } from './problem';
import { clearToken, readToken, storeToken } from './session';
import type { Plane } from './session-cookie';

/**
 * Sends credentials to the API and keeps the token it answers with in an HttpOnly cookie. The browser receives the rest
 * of the answer and never the token.
 */
export async function exchangeCredentials(request: Request, plane: Plane, segments: string[]): Promise<Response> {
  const answer = await forward({ request, segments, token: null, language: await requestLanguage() });
  if (!answer.ok) return answer;
  const { token, ...rest } = (await answer.json()) as { token: string; expires_at: string };
  await storeToken(plane, request, token, rest.expires_at);
  return Response.json(rest, { status: answer.status, headers: { 'cache-control': 'no-store' } });
}

/** What nobody needs to be signed in for, and hands out no session. */
const OPEN = new Set(['passkey', 'password/forgot', 'password/reset', 'email/verify']);

/** Sends on what nobody needs to be signed in for: the session of whoever asks has no part in it. */
export async function forwardOpen(request: Request, segments: string[]): Promise<Response> {
  if (!OPEN.has(segments.join('/'))) return problemResponse('not_found', 'There is no such path.');
  return forward({ request, segments: ['auth', ...segments], token: null, language: await requestLanguage() });
}

/** Ends the session of a plane: tells the API where it can be told, and forgets the cookie in any case. */
export async function endSession(request: Request, plane: Plane, segments: string[] | null): Promise<Response> {
  if (!isSameOriginMutation(request.headers)) {
    return problemResponse('origin_not_allowed', 'Sign out from the console itself.');
  }
  const token = await readToken(plane);
  if (segments && token) await forward({ request, segments, token, language: await requestLanguage() });
  await clearToken(plane, request);
  return new Response(null, { status: 204 });
}
