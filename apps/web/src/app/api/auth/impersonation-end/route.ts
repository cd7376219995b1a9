import { endImpersonation } from '@/server/impersonation';

export async function POST(request: Request): Promise<Response> {
  return endImpersonation(request);
}
