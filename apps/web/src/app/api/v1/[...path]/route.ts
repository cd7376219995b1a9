import { forward } from '@/server/forward';
import { problemResponse } from '@/server/problem';
import { readToken } from '@/server/session';

type Context = { params: Promise<{ path: string[] }> };

/** Paths with an entrance of their own: they hand out tokens, or belong to the operator plane. */
const ELSEWHERE = new Set(['auth', 'operator']);

async function handle(request: Request, { params }: Context): Promise<Response> {
  const { path } = await params;
  if (ELSEWHERE.has(path[0] ?? '')) return problemResponse('not_found', 'There is no such path.');
  return forward({ request, segments: path, token: await readToken('tenant') });
}

export { handle as DELETE, handle as GET, handle as PATCH, handle as POST };
