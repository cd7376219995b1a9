import { forward } from '@/server/forward';
import { requestLanguage } from '@/server/language';
import { readToken } from '@/server/session';

type Context = { params: Promise<{ path: string[] }> };

async function handle(request: Request, { params }: Context): Promise<Response> {
  const [{ path }, token, language] = await Promise.all([params, readToken('operator'), requestLanguage()]);
  return forward({ request, segments: ['operator', ...path], token, language });
}

export { handle as DELETE, handle as GET, handle as PATCH, handle as POST };
