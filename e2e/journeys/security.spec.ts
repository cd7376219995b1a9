import type { BrowserContext, Page } from '@playwright/test';
import { TOTP } from 'otpauth';
import { type Desk, go, picture, signUp, useLocale } from '../fixtures/console';
import { expect, test } from '../fixtures/test';

const PASSWORD = 'correct horse battery';

/** Has the next request to a path answered as if the last proof were old; what is sent after that reaches the API. */
async function forgetProof(context: BrowserContext, method: string, path: RegExp): Promise<void> {
  const problem = {
    type: 'about:blank',
    title: '',
    status: 403,
    code: 'reauthentication_required',
    detail: '',
    request_id: '',
    retryable: false,
    suggestion: '',
    doc_url: '',
    errors: [],
  };
  let forgotten = false;
  await context.route(path, async (route) => {
    if (forgotten || route.request().method() !== method) return route.fallback();
    forgotten = true;
    await route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify(problem) });
  });
}

/** Answers the question who one is with the password. */
async function prove({ page, say }: Desk): Promise<void> {
  const dialog = page.getByRole('dialog', { name: say('account.proofTitle') });
  await dialog.getByLabel(say('account.proofPassword')).fill(PASSWORD);
  await dialog.getByRole('button', { name: say('account.confirm') }).click();
  await expect(dialog).toBeHidden();
}

async function addAuthenticator(page: Page, say: Desk['say']): Promise<void> {
  await page.goto('/account/security');
  await page.getByRole('button', { name: say('account.add'), exact: true }).click();
  const dialog = page.getByRole('dialog');
  const app = new TOTP({ secret: ((await dialog.locator('pre').textContent()) ?? '').trim() });
  await dialog.getByLabel(say('account.code'), { exact: true }).fill(app.generate());
  await dialog.getByRole('button', { name: say('account.confirm') }).click();
  await page.getByRole('button', { name: say('account.done') }).click();
}

test('what is dangerous asks who one is, says what follows, and then goes through', async ({
  page,
  context,
  ready,
  expected,
}) => {
  expected.push(/^403 \/api\/v1\/(organizations|api-keys)/, /^409 \/api\/v1\/organizations\/\w+\/close$/);
  const say = await useLocale(context, ready.web, 'en');
  const desk = await signUp(page, say, { name: 'Edith', organization: 'Guarded Lab', project: 'Safe' });

  // A key: the first answer asks for a proof, the second attempt makes it.
  await forgetProof(context, 'POST', /\/api\/v1\/api-keys$/);
  await go(desk, 'apiKeys');
  await page
    .getByRole('button', { name: say('apiKeys.create') })
    .first()
    .click();
  await page.getByLabel(say('common.name'), { exact: true }).fill('after-proof');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: say('apiKeys.create') })
    .click();
  await prove(desk);
  await expect(page.getByText(say('apiKeys.secretOnce'))).toBeVisible();
  const secret = ((await page.getByRole('dialog').locator('pre').textContent()) ?? '').trim();
  await page.getByRole('button', { name: say('apiKeys.stored') }).click();

  // A second factor is demanded by nobody who has none.
  await go(desk, 'settings');
  await expect(page.getByText(say('settings.factor.ownFirst'))).toBeVisible();
  await addAuthenticator(page, say);
  await page.goto(`${desk.organization}/settings`);
  await page.getByRole('button', { name: say('settings.factor.turnOn') }).click();
  const demand = page.getByRole('dialog', { name: say('settings.factor.onTitle') });
  await expect(demand.getByText(say('settings.factor.nobodyOut'))).toBeVisible();
  await picture(desk, 'require-factor');
  await forgetProof(context, 'PATCH', /\/api\/v1\/organizations\/\w+$/);
  await demand.getByRole('button', { name: say('settings.factor.turnOn') }).click();
  await prove(desk);
  await expect(page.getByText(say('settings.factor.on'), { exact: true })).toBeVisible();

  // Closing names what stands in the way; with that gone and a fresh proof it closes.
  const headers = { authorization: `Bearer ${secret}` };
  const { items } = (await (await page.request.get(`${ready.api}/v1/projects`, { headers })).json()) as {
    items: { id: string }[];
  };
  const made = await page.request.post(`${ready.api}/v1/instances`, {
    headers: { ...headers, 'idempotency-key': crypto.randomUUID() },
    data: { project_id: items[0]!.id, name: 'in-the-way', region_id: 'cn-north', accelerator_id: 'nvidia-h20-96g' },
  });
  const instance = (await made.json()) as { id: string };
  const close = page.getByRole('dialog');
  await page.getByRole('button', { name: say('settings.close') }).click();
  await close.getByRole('textbox').fill(desk.organization.slice(1));
  await close.getByRole('button', { name: say('settings.close') }).click();
  await expect(close.getByText('One instance or cluster must be terminated')).toBeVisible();
  await picture(desk, 'close-blocked');
  const path = `${ready.api}/v1/instances/${instance.id}`;
  await page.request.delete(path, { headers });
  const state = async () => ((await (await page.request.get(path, { headers })).json()) as { state: string }).state;
  await expect.poll(state, { timeout: 60_000 }).toBe('terminated');
  await forgetProof(context, 'POST', /\/api\/v1\/organizations\/\w+\/close$/);
  await expect(async () => {
    await close.getByRole('button', { name: say('settings.close') }).click();
    await expect(page.getByRole('dialog', { name: say('account.proofTitle') })).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await prove(desk);
  await expect(page.getByRole('heading', { name: say('onboarding.firstTitle') })).toBeVisible();
});
