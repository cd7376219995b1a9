import { randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import { axeViolations } from '../fixtures/axe';
import { type Desk, go, picture, signUp, useLocale } from '../fixtures/console';
import { LOCALES } from '../fixtures/messages';
import { expect, test } from '../fixtures/test';

interface Sandbox {
  id: string;
  billing_now: string;
}

/** The console's own way to the API, as the signed-in person. */
async function call<T>(
  page: Page,
  web: string,
  orgId: string,
  method: string,
  path: string,
  data?: object,
): Promise<T> {
  const headers = {
    'idempotency-key': randomUUID(),
    origin: new URL(web).origin,
    ...(orgId ? { 'organization-id': orgId } : {}),
  };
  const answer = await page.request.fetch(`/api/v1${path}`, { method, headers, ...(data ? { data } : {}) });
  expect(answer.ok(), `${method} ${path}: ${await answer.text()}`).toBe(true);
  return (await answer.json()) as T;
}

/** Midnight in Shanghai after the last day of the month that holds an instant. */
function monthEnd(at: Date): Date {
  const local = new Date(at.getTime() + 8 * 3_600_000);
  return new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + 1, 1) - 8 * 3_600_000);
}

/** An instance that has run for a moment, and a clock that stands an hour after the end of that month. */
async function endOfMonth(page: Page, web: string): Promise<void> {
  const me = await call<{ organizations: { id: string }[] }>(page, web, '', 'GET', '/me');
  const { id } = me.organizations[0]!;
  const body = { name: 'short-run', region_id: 'cn-north', accelerator_id: 'nvidia-h20-96g', gpus: 1 };
  const instance = await call<{ id: string }>(page, web, id, 'POST', '/instances', body);
  const reach = (state: string) =>
    expect
      .poll(async () => (await call<{ state: string }>(page, web, id, 'GET', `/instances/${instance.id}`)).state, {
        timeout: 40_000,
      })
      .toBe(state);
  await reach('running');
  // A run that ends in the second in which it began has nothing to bill.
  const billed = async () =>
    (await call<{ rows: { billed_seconds: number }[] }>(page, web, id, 'GET', '/usage')).rows[0]?.billed_seconds ?? 0;
  await expect.poll(billed, { timeout: 20_000 }).toBeGreaterThan(1);
  await call(page, web, id, 'DELETE', `/instances/${instance.id}`);
  await reach('terminated');
  const clock = `/organizations/${id}/test-clock/advance`;
  const now = new Date((await call<Sandbox>(page, web, id, 'GET', `/organizations/${id}`)).billing_now);
  const target = monthEnd(now).getTime() + 3_600_000;
  for (let at = now.getTime(); at < target; ) {
    at = Math.min(target, at + 30 * 86_400_000);
    await expect(async () => {
      await call(page, web, id, 'POST', clock, { to: new Date(at).toISOString() });
    }).toPass({ timeout: 30_000 });
  }
}

// Between the end of a month and its invoice lies a day in which late usage still counts: the month stands there, readable.
test('a month that has ended shows as closing, with its lines and the day it becomes final', async ({
  page,
  context,
  ready,
}) => {
  const say = await useLocale(context, ready.web, 'en');
  const first = await signUp(page, say, { name: 'Han Meimei', organization: 'Month End Lab', project: 'Short' });
  await endOfMonth(page, ready.web);
  for (const locale of LOCALES) {
    const desk: Desk = { ...first, say: await useLocale(context, ready.web, locale) };
    await page.goto(desk.project);
    await go(desk, 'invoices');
    const row = page.getByRole('row').filter({ hasText: desk.say('invoices.status.closing') });
    await expect(row).toHaveCount(1);
    await picture(desk, '7-closing-list');
    await row.getByRole('link').click();
    await expect(page.getByRole('heading', { level: 1, name: desk.say('invoices.closing') })).toBeVisible();
    await expect(page.getByText(desk.say.like('invoices.closingText'))).toBeVisible();
    await expect(page.getByRole('row').filter({ hasText: 'short-run' })).toHaveCount(1);
    expect(await axeViolations(page, `closing invoice ${locale}`)).toEqual([]);
    await picture(desk, '8-closing');
  }
});
