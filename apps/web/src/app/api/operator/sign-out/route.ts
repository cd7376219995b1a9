import { endSession } from '@/server/sign-in';

export async function POST(request: Request): Promise<Response> {
  return endSession(request, 'operator', null);
}
