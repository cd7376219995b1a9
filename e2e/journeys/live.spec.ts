import type { APIRequestContext, Page } from '@playwright/test';
import { type Desk, signUp, useLocale } from '../fixtures/console';
import type { Ready } from '../fixtures/ready';
import { sshPublicKey } from '../fixtures/ssh-key';
import { expect, test } from '../fixtures/test';

/** Calls the API with a key of the desk's organisation, as a script elsewhere would. */
async function scriptOf(desk: Desk, ready: Ready, request: APIRequestContext) {
  type Me = { organizations: { id: string; slug: string }[] };
  const me = (await (await desk.page.request.get('/api/v1/me')).json()) as Me;
  const id = me.organizations.find(({ slug }) => `/${slug}` === desk.organization)!.id;
  const made = await desk.page.request.post('/api/v1/api-keys', {
    data: { name: 'script', scopes: ['all:write'] },
    headers: { 'organization-id': id, origin: new URL(ready.web).origin },
  });
  const { secret } = (await made.json()) as { secret: string };
  return async (method: 'GET' | 'POST' | 'DELETE', path: string, data?: object) => {
    const headers = { authorization: `Bearer ${secret}`, 'idempotency-key': crypto.randomUUID() };
    const answer = await request.fetch(`${ready.api}/v1${path}`, { method, headers, ...(data ? { data } : {}) });
    expect(answer.ok(), await answer.text()).toBe(true);
    // biome-ignore lint/suspicious/noExplicitAny: answers are read field by field
    return answer.status() === 204 ? null : ((await answer.json()) as any);
  };
}

/** Opens a page afresh and marks it, so that a page that was loaded again can be told. */
async function openMarked(page: Page, path: string, live: 'live' | 'polling'): Promise<void> {
  await page.goto(path);
  await page.evaluate('window.sameDocument = true');
  await expect(page.locator(`[data-live="${live}"]`)).toBeVisible();
}
const isMarked = (page: Page) => page.evaluate('window.sameDocument === true');

test('what a script changes appears on open pages by itself, without losing the place', async ({
  page,
  context,
  ready,
  request,
}) => {
  const say = await useLocale(context, ready.web, 'en');
  const desk = await signUp(page, say, { name: 'Vera', organization: 'Live Lab', project: 'Watching' });
  const script = await scriptOf(desk, ready, request);

  // A page that never looks by itself: only the stream can tell it.
  await openMarked(page, `${desk.organization}/ssh-keys`, 'live');
  const key = await script('POST', '/ssh-keys', { name: 'from-a-script', public_key: sshPublicKey('a@b') });
  await expect(page.getByRole('row', { name: /from-a-script/ })).toBeVisible();
  await script('DELETE', `/ssh-keys/${key.id}`);
  await expect(page.getByText(say('sshKeys.emptyTitle'))).toBeVisible();
  expect(await isMarked(page)).toBe(true);

  await openMarked(page, `${desk.project}/instances`, 'live');
  const filter = page.getByRole('searchbox');
  await filter.focus();
  const projects = await script('GET', '/projects');
  const body = {
    project_id: projects.items[0].id,
    name: 'watched',
    region_id: 'cn-north',
    accelerator_id: 'nvidia-h20-96g',
  };
  const instance = await script('POST', '/instances', { ...body, gpus: 1 });
  const row = page.getByRole('row', { name: /watched/ });
  await expect(row).toContainText(say('workload.states.running'), { timeout: 40_000 });

  const detail = await context.newPage();
  await openMarked(detail, `${desk.project}/instances/${instance.id}`, 'live');
  await expect(
    detail.getByRole('main').getByText(say('workload.states.running'), { exact: true }).first(),
  ).toBeVisible();
  await script('DELETE', `/instances/${instance.id}`);
  await expect(row).toBeHidden();
  await expect(
    detail.getByRole('main').getByText(say('workload.states.terminated'), { exact: true }).first(),
  ).toBeVisible();
  expect([await isMarked(page), await isMarked(detail)]).toEqual([true, true]);
  await expect(filter).toBeFocused();
});

test('without a stream pages look by themselves', async ({ page, context, ready, request, expected }) => {
  expected.push(/^503 \/api\/v1\/events\/stream$/);
  const say = await useLocale(context, ready.web, 'en');
  await context.route('**/api/v1/events/stream', (route) => route.fulfill({ status: 503, body: '' }));
  const desk = await signUp(page, say, { name: 'Vera', organization: 'Still Lab', project: 'Watching' });
  const script = await scriptOf(desk, ready, request);
  await openMarked(page, `${desk.organization}/ssh-keys`, 'polling');
  await expect(page.getByRole('img', { name: say('shell.live.polling') })).toBeVisible();
  await script('POST', '/ssh-keys', { name: 'from-a-script', public_key: sshPublicKey('a@b') });
  await expect(page.getByRole('row', { name: /from-a-script/ })).toBeVisible();
  expect(await isMarked(page)).toBe(true);
});
