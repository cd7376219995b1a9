import { forwardOpen } from '@/server/sign-in';

type Context = { params: Promise<{ path: string[] }> };

export async function POST(request: Request, { params }: Context): Promise<Response> {
  return forwardOpen(request, (await params).path);
}
