import type { Page } from '@playwright/test';
import { axeViolations } from '../fixtures/axe';
import { type Desk, go, picture, signUp, useLocale } from '../fixtures/console';
import { LOCALES } from '../fixtures/messages';
import { expect, test } from '../fixtures/test';

const provider = process.env.FAKE_STRIPE_URL ?? '';

/** Tells the provider under test something that no customer could. */
const tell = async (page: Page, path: 'events' | 'last', data: 'deliver' | 'lose' | 'refund' | 'dispute') => {
  const answer = await page.request.post(`${provider}/control/${path}`, { data });
  expect(answer.ok()).toBe(true);
};

/** Saves a card on the provider's page, the way a person does. */
async function saveCard({ page, say }: Desk, last4: string): Promise<void> {
  await page.getByRole('button', { name: say('billing.cardAdd') }).click();
  await page.waitForURL(`${provider}/**`);
  await page.getByRole('button', { name: `Card ${last4}` }).click();
  await page.waitForURL(/\/billing/);
  await expect(page.getByText(last4)).toBeVisible({ timeout: 30_000 });
}

/** Tops up; ends where the dialog or the provider takes over. */
async function beginTopUp({ page, say }: Desk, amount: string, method: 'card' | 'alipay'): Promise<void> {
  await page
    .getByRole('button', { name: say('billing.topUp') })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox').selectOption(method);
  await dialog.getByRole('textbox').fill(amount);
  await dialog.getByRole('button', { name: say('billing.topUp') }).click();
}

async function authorize(page: Page): Promise<void> {
  await page.waitForURL(`${provider}/**`);
  await page.getByRole('button', { name: 'Authorize' }).click();
  await page.waitForURL(/\/billing/);
}

const paymentRow = ({ page }: Desk, amount: string) => page.getByRole('row').filter({ hasText: amount });

// From the first card to a dispute, against a provider that behaves like Stripe: the whole way through console, API, worker,
// webhook and sweeper, without a script of anybody else in our pages.
test('cards, top-ups, refusals, questions of the bank, lost events, refunds and disputes', async ({
  page,
  context,
  ready,
}, testInfo) => {
  // A product that runs already was started without a provider of ours.
  testInfo.skip(provider === '', 'needs the provider that the product under test is started with');
  test.setTimeout(240_000);
  const say = await useLocale(context, ready.web, 'en');
  const desk = await signUp(page, say, {
    name: 'Wang Wei',
    organization: 'Payments Lab',
    project: 'First',
    mode: 'live',
    currency: 'USD',
  });
  await go(desk, 'billing');

  await test.step('a card that is declined says so, and nothing is added', async () => {
    await saveCard(desk, '0002');
    await beginTopUp(desk, '21.00', 'card');
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText(say('billing.notPaid'))).toBeVisible({ timeout: 30_000 });
    await dialog
      .getByRole('button', { name: say('common.close') })
      .last()
      .click();
    await page.reload();
    await expect(paymentRow(desk, '21.00').getByText(say('billing.statuses.failed'))).toBeVisible();
    await page.getByRole('button', { name: say('billing.cardRemove') }).click();
    await expect(page.getByText(say('billing.cardsNone'))).toBeVisible({ timeout: 30_000 });
  });

  await test.step('a card whose bank asks its owner is charged once they have agreed', async () => {
    await saveCard(desk, '3155');
    await beginTopUp(desk, '32.00', 'card');
    await authorize(page);
    await expect(paymentRow(desk, '32.00').getByText(say('billing.statuses.succeeded')).first()).toBeVisible({
      timeout: 60_000,
    });
  });

  await test.step('a payment whose event is lost is found by the sweeper', async () => {
    await tell(page, 'events', 'lose');
    await beginTopUp(desk, '43.00', 'alipay');
    await authorize(page);
    await expect(async () => {
      await page.reload();
      await expect(paymentRow(desk, '43.00').getByText(say('billing.statuses.succeeded')).first()).toBeVisible({
        timeout: 3_000,
      });
    }).toPass({ timeout: 90_000 });
    await tell(page, 'events', 'deliver');
  });

  await test.step('refunds and disputes stand with their payment', async () => {
    await tell(page, 'last', 'refund');
    await tell(page, 'last', 'dispute');
    await expect(async () => {
      await page.reload();
      await expect(paymentRow(desk, '43.00').getByText('10.75').first()).toBeVisible({ timeout: 3_000 });
      await expect(paymentRow(desk, '43.00').getByText(say.like('billing.disputes.open'))).toBeVisible({
        timeout: 3_000,
      });
    }).toPass({ timeout: 60_000 });
  });

  for (const locale of LOCALES) {
    const inTongue: Desk = { ...desk, say: await useLocale(context, ready.web, locale) };
    await page.reload();
    await expect(paymentRow(desk, '43.00').first()).toBeVisible();
    expect(await axeViolations(page, `billing ${locale}`)).toEqual([]);
    await picture(inTongue, '9-payments');
  }
});
