import { startImpersonation } from '@/server/impersonation';

export async function POST(request: Request): Promise<Response> {
  return startImpersonation(request);
}
