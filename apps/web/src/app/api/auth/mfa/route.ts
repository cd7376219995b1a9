import { exchangeCredentials } from '@/server/sign-in';

export async function POST(request: Request): Promise<Response> {
  return exchangeCredentials(request, 'tenant', ['auth', 'sign-in', 'mfa']);
}
