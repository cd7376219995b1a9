import type { APIRequestContext } from '@playwright/test';
import { readReady } from '../fixtures/ready';
import { expect, test } from '../fixtures/test';

/** What would lead past a check that looks at addresses or headers before a page does. */
const TRICKS: Record<string, string>[] = [
  {},
  { 'x-middleware-subrequest': 'middleware:middleware:middleware:middleware:middleware' },
  { 'x-middleware-subrequest': 'src/middleware:src/middleware:src/middleware:src/middleware:src/middleware' },
  { rsc: '1', 'next-router-prefetch': '1' },
  { rsc: '1', 'next-router-segment-prefetch': '/_tree' },
  { 'x-forwarded-host': 'evil.example', 'x-original-url': '/', 'x-rewrite-url': '/' },
  { 'x-invoke-path': '/sign-in', 'x-matched-path': '/sign-in' },
];

const page = (org: string) => [
  `/${org}`,
  `/${org}/instances`,
  `/${org}/billing`,
  `/${org}/instances.rsc`,
  `/${org}/instances?_rsc=1a2b3`,
  `/${org}/instances.segments/_tree.segment.rsc`,
  `/_next/data/build/${org}/instances.json`,
  `//${org}/instances`,
  `/${org}%2finstances`,
  `/${org}/./instances/`,
  `/${org}/instances.`,
  `/${org}/x/..%2finstances`,
  '/account',
  '/operator',
  '/operator/organizations',
];

async function read(request: APIRequestContext, address: string, headers: Record<string, string>) {
  // Two slashes at the beginning would be taken as a host.
  const answer = await request.get(`${readReady().web}${address}`, { headers, maxRedirects: 0 });
  return { status: answer.status(), text: await answer.text(), location: answer.headers().location ?? '' };
}

test('attack 21: without a session no address and no header shows a page that needs one', async ({
  playwright,
  ready,
}) => {
  const owner = ready.users.find(({ role }) => role === 'owner')!;
  const stranger = await playwright.request.newContext({ baseURL: ready.web });
  const member = await playwright.request.newContext({ baseURL: ready.web, extraHTTPHeaders: { origin: ready.web } });
  const inside = await member.post('/api/auth/sign-in', { data: { email: owner.email, password: owner.password } });
  expect(inside.ok(), await inside.text()).toBe(true);
  // The page does show what is looked for below, to somebody who may see it.
  const seen = await read(member, `/${owner.org}/instances`, {});
  expect(seen.status).toBe(200);
  expect(seen.text).toContain(owner.email);
  for (const address of page(owner.org)) {
    for (const headers of TRICKS) {
      const { status, text, location } = await read(stranger, address, headers);
      const what = `${address} ${JSON.stringify(headers)}`;
      expect(text, what).not.toContain(owner.email);
      expect(text, what).not.toMatch(/\binst_[0-9a-z]{26}\b|\bproj_[0-9a-z]{26}\b|\borg_[0-9a-z]{26}\b/);
      expect(status, what).toBeLessThan(500);
      expect(location, what).not.toContain('evil.example');
    }
  }
  await stranger.dispose();
  await member.dispose();
});

test('attack 61: nothing of how the console is made is served', async ({ request }) => {
  for (const address of [
    '/.env',
    '/.git/HEAD',
    '/package.json',
    '/next.config.ts',
    '/metrics',
    '/debug',
    '/_next/server',
  ]) {
    const answer = await request.get(address, { maxRedirects: 0 });
    expect([307, 308, 404], `${address}: ${answer.status()}`).toContain(answer.status());
    expect(await answer.text(), address).not.toMatch(/DATABASE_URL|"dependencies"|ref: refs/);
  }
});
