import { describe, expect, it, vi } from 'vitest';
import { forward } from '../src/server/forward';
import { isSameOriginMutation } from '../src/server/origin';
import { isSecureRequest, sessionCookieName, sessionCookieOptions } from '../src/server/session-cookie';

const headers = (init: Record<string, string>) => new Headers(init);

describe('attack 20: origin of a mutation', () => {
  it.each([
    ['same-origin pages', { 'sec-fetch-site': 'same-origin' }, true],
    ['another site', { 'sec-fetch-site': 'cross-site' }, false],
    ['a sibling subdomain', { 'sec-fetch-site': 'same-site' }, false],
    ['a typed address', { 'sec-fetch-site': 'none' }, false],
    [
      'another site that lies in Origin',
      { 'sec-fetch-site': 'cross-site', origin: 'https://c.example', host: 'c.example' },
      false,
    ],
    ['an old browser on our host', { origin: 'https://c.example', host: 'c.example' }, true],
    ['an old browser elsewhere', { origin: 'https://evil.example', host: 'c.example' }, false],
    ['our host on another port', { origin: 'http://c.example:81', host: 'c.example' }, false],
    ['a sandboxed frame', { origin: 'null', host: 'c.example' }, false],
    ['behind a proxy', { origin: 'https://c.example', host: 'web:3000', 'x-forwarded-host': 'c.example' }, true],
    ['a request with neither', { host: 'c.example' }, false],
  ])('%s', (_name, init, allowed) => {
    expect(isSameOriginMutation(headers(init as Record<string, string>))).toBe(allowed);
  });
});

describe('attack 28: session cookie', () => {
  it('is __Host- and Secure over https, plain on http', () => {
    expect(sessionCookieName('tenant', true)).toBe('__Host-sx_session');
    expect(sessionCookieName('tenant', false)).toBe('sx_session');
    expect(sessionCookieOptions(true, new Date(5)).secure).toBe(true);
    expect(sessionCookieOptions(false, new Date(5)).secure).toBe(false);
  });

  it('is HttpOnly, SameSite=Lax, for the whole site and no other', () => {
    expect(sessionCookieOptions(true, new Date(5))).toEqual({
      httpOnly: true,
      sameSite: 'lax',
      secure: true,
      path: '/',
      expires: new Date(5),
    });
  });

  it('differs between the planes', () => {
    expect(sessionCookieName('operator', true)).not.toBe(sessionCookieName('tenant', true));
  });

  it('believes the proxy about https, then the address', () => {
    expect(isSecureRequest(headers({ 'x-forwarded-proto': 'https' }), 'http://web:3000/')).toBe(true);
    expect(isSecureRequest(headers({ 'x-forwarded-proto': 'http,https' }), 'https://c.example/')).toBe(false);
    expect(isSecureRequest(headers({}), 'https://c.example/')).toBe(true);
    expect(isSecureRequest(headers({}), null)).toBe(false);
  });
});

function fakeFetch(answer: () => Response) {
  return vi.fn(async (_url: string | URL | Request, _init?: RequestInit) => answer());
}

const apiUrl = 'http://api.internal:4000';
const ask = (url: string, init: RequestInit = {}) => new Request(`http://console.example${url}`, init);

describe('forwarding', () => {
  it('adds the token, keeps the organisation and never passes cookies on', async () => {
    const fetch = fakeFetch(() => Response.json({ ok: true }));
    await forward({
      request: ask('/api/v1/instances?limit=5', {
        headers: { cookie: 'sx_session=t', 'organization-id': 'org_1', 'accept-language': 'de' },
      }),
      segments: ['instances'],
      token: 'secret',
      language: 'zh-CN',
      fetch,
      apiUrl,
    });
    const [url, init] = fetch.mock.calls[0] ?? [];
    const sent = new Headers(init?.headers);
    expect(url).toBe(`${apiUrl}/v1/instances?limit=5`);
    expect(sent.get('authorization')).toBe('Bearer secret');
    expect(sent.get('organization-id')).toBe('org_1');
    expect(sent.get('cookie')).toBeNull();
    expect(sent.get('accept-language')).toBe('zh-CN');
  });

  it('refuses a mutation from elsewhere before the API sees it', async () => {
    const fetch = fakeFetch(() => Response.json({}));
    const request = ask('/api/v1/instances', {
      method: 'POST',
      body: '{}',
      headers: { 'sec-fetch-site': 'cross-site' },
    });
    const answer = await forward({ request, segments: ['instances'], token: 't', language: 'en', fetch, apiUrl });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.json()).toMatchObject({ code: 'origin_not_allowed', status: 403 });
    expect(fetch).not.toHaveBeenCalled();
  });

  it.each([[['..', 'admin']], [['instances', '.']], [['']]])('does not leave /v1: %j', async (segments) => {
    const fetch = fakeFetch(() => Response.json({}));
    const answer = await forward({ request: ask('/api/v1/x'), segments, token: 't', language: 'en', fetch, apiUrl });
    expect(answer.status).toBe(404);
    expect(fetch).not.toHaveBeenCalled();
  });

  it('keeps a slash inside a segment from becoming a path', async () => {
    const fetch = fakeFetch(() => Response.json({}));
    await forward({
      request: ask('/api/v1/instances/a%2F..%2Fb'),
      segments: ['instances', 'a/../b'],
      token: 't',
      language: 'en',
      fetch,
      apiUrl,
    });
    expect(fetch.mock.calls[0]?.[0]).toBe(`${apiUrl}/v1/instances/a%2F..%2Fb`);
  });

  it('passes problem documents through and caches nothing', async () => {
    const problem = {
      code: 'quota_exceeded',
      status: 403,
      title: 'x',
      detail: 'y',
      request_id: 'req_1',
      retryable: false,
    };
    const fetch = fakeFetch(() =>
      Response.json(problem, {
        status: 403,
        headers: { 'content-type': 'application/problem+json', 'x-request-id': 'req_1', 'set-cookie': 'a=b' },
      }),
    );
    const answer = await forward({
      request: ask('/api/v1/quotas'),
      segments: ['quotas'],
      token: 't',
      language: 'en',
      fetch,
      apiUrl,
    });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toEqual(problem);
    expect(answer.headers.get('x-request-id')).toBe('req_1');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  it('streams a PDF with its type and lets a link name the organisation', async () => {
    const bytes = new TextEncoder().encode('%PDF-1.7');
    const fetch = fakeFetch(
      () =>
        new Response(bytes, { headers: { 'content-type': 'application/pdf', 'content-disposition': 'attachment' } }),
    );
    const request = ask('/api/v1/invoices/inv_1/pdf?locale=en&organization_id=org_9');
    const answer = await forward({
      request,
      segments: ['invoices', 'inv_1', 'pdf'],
      token: 't',
      language: 'en',
      fetch,
      apiUrl,
    });
    expect(answer.headers.get('content-type')).toBe('application/pdf');
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(bytes);
    expect(fetch.mock.calls[0]?.[0]).toBe(`${apiUrl}/v1/invoices/inv_1/pdf?locale=en`);
    expect(new Headers(fetch.mock.calls[0]?.[1]?.headers).get('organization-id')).toBe('org_9');
  });

  it('says in a problem document that the API does not answer', async () => {
    const fetch = vi.fn(async () => {
      throw new TypeError('fetch failed');
    });
    const answer = await forward({
      request: ask('/api/v1/me'),
      segments: ['me'],
      token: 't',
      language: 'en',
      fetch,
      apiUrl,
    });
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ code: 'unavailable', retryable: true });
  });
});
