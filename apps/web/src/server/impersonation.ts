import { ApiProblem } from '@suanxiang/contract/client';
import { serverClient } from './api';
import { isSameOriginMutation } from './origin';
import { problemResponse } from './problem';
import { clearToken, readToken, storeToken } from './session';

interface Wish {
  organization_id: string;
  ticket: string;
  reason: string;
  minutes: number;
}

/** A wish that nobody has agreed to lapses after a day. */
const CONSENT_WITHIN_MS = 24 * 3_600_000;

const notFromHere = () => problemResponse('origin_not_allowed', 'Send it from the console itself.');

/**
 * Starts looking into an organisation with the operator's own session and keeps the token it gives in the console's cookie,
 * beside the operator's. The browser never sees the token.
 */
export async function startImpersonation(request: Request): Promise<Response> {
  if (!isSameOriginMutation(request.headers)) return notFromHere();
  const { organization_id, ...body } = (await request.json()) as Wish;
  const api = await serverClient(await readToken('operator'), null);
  try {
    const { impersonation, token } = await api.call('operatorImpersonate', { params: { organization_id }, body });
    // Where an owner has to agree first, the token opens nothing until then.
    const until = impersonation.expires_at ?? new Date(Date.now() + CONSENT_WITHIN_MS).toISOString();
    if (token) await storeToken('tenant', request, token, until);
    return Response.json({ state: impersonation.state }, { headers: { 'cache-control': 'no-store' } });
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    return Response.json(error.problem, {
      status: error.problem.status,
      headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
    });
  }
}

/** Ends it: with the operator's session where there is one, and the cookie in any case. */
export async function endImpersonation(request: Request): Promise<Response> {
  if (!isSameOriginMutation(request.headers)) return notFromHere();
  const [own, operator] = await Promise.all([readToken('tenant'), readToken('operator')]);
  try {
    const me = await (await serverClient(own, null)).call('getMe', {});
    if (me.impersonation && operator) {
      const params = { impersonation_id: me.impersonation.id };
      await (await serverClient(operator, null)).call('operatorEndImpersonation', { params });
    }
  } catch (error) {
    // It has ended already, or the operator's session has: the cookie goes either way.
    if (!(error instanceof ApiProblem)) throw error;
  }
  await clearToken('tenant', request);
  return new Response(null, { status: 204 });
}
