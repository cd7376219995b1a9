import { forward } from '@/server/forward';
import { requestLanguage } from '@/server/language';
import { problemResponse } from '@/server/problem';
import { readToken } from '@/server/session';

type Context = { params: Promise<{ path: string[] }> };

/** Paths with an entrance of their own: they hand out tokens, or belong to the operator plane. */
const ELSEWHERE = new Set(['auth', 'operator']);

async function handle(request: Request, { params }: Context): Promise<Response> {
  const [{ path }, token, language] = await Promise.all([params, readToken('tenant'), requestLanguage()]);
  if (ELSEWHERE.has(path[0] ?? '')) return problemResponse('not_found', 'There is no such path.');
  return forward({ request, segments: path, token, language });
}

export { handle as DELETE, handle as GET, handle as PATCH, handle as POST };
