import { type NextRequest, NextResponse } from 'next/server';
import { readWebConfig } from './server/config';

/**
 * Sets the content security policy and nothing else. Who may see what is decided by the API, asked by every page;
 * this file must never become a place for such decisions.
 */
export function proxy(request: NextRequest) {
  const nonce = btoa(crypto.randomUUID());
  const socket = readWebConfig().publicApiUrl.replace(/^http/, 'ws');
  const policy = contentSecurityPolicy(nonce, socket, process.env.NODE_ENV === 'development');
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  // Lets a page that needs a sign-in come back to itself afterwards.
  headers.set('x-console-path', `${request.nextUrl.pathname}${request.nextUrl.search}`);
  headers.set('content-security-policy', policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  return response;
}

function contentSecurityPolicy(nonce: string, socket: string, development: boolean): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    // Charts and popups position themselves with style attributes, which a nonce cannot cover.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    // Terminals go to the API itself, with a ticket that is good once (docs/adr/0060).
    `connect-src 'self' ${socket}/v1/terminal`,
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

export const config = {
  matcher: [
    {
      source: '/((?!api|_next/static|_next/image|icon.svg|favicon.ico).*)',
      missing: [
        { type: 'header', key: 'next-router-prefetch' },
        { type: 'header', key: 'purpose', value: 'prefetch' },
      ],
    },
  ],
};
