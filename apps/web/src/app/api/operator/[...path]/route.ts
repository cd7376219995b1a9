import { forward } from '@/server/forward';
import { readToken } from '@/server/session';

type Context = { params: Promise<{ path: string[] }> };

async function handle(request: Request, { params }: Context): Promise<Response> {
  const { path } = await params;
  return forward({ request, segments: ['operator', ...path], token: await readToken('operator') });
}

export { handle as DELETE, handle as GET, handle as PATCH, handle as POST };
