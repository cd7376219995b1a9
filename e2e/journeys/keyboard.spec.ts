import type { Locator, Page } from '@playwright/test';
import { useLocale } from '../fixtures/console';
import { expect, test } from '../fixtures/test';

/** Presses Tab until something has the focus. Fails when it cannot be reached. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let presses = 0; presses < 120; presses += 1) {
    if ((await target.and(page.locator(':focus')).count()) > 0) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${target}`);
}

/** Moves through the radio buttons of a group with the arrow keys until one is checked. */
async function arrowTo(page: Page, wanted: Locator): Promise<void> {
  for (let presses = 0; presses < 40 && !(await wanted.isChecked()); presses += 1)
    await page.keyboard.press('ArrowDown');
  await expect(wanted).toBeChecked();
}

/** Presses a shortcut until its page is there: one that is only just arriving may miss a key, and a person presses it again. */
async function keysTo(page: Page, keys: string[], title: string): Promise<void> {
  await expect(async () => {
    for (const key of keys) await page.keyboard.press(key);
    await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 30_000 });
}

test('everything from signing in to reading the invoice, with the keyboard alone', async ({ page, context, ready }) => {
  test.setTimeout(180_000);
  const say = await useLocale(context, ready.web, 'en');
  const owner = ready.users.find(({ role, org }) => role === 'owner' && org === 'xinghe')!;
  const { keyboard } = page;
  const name = `keys-${Date.now() % 1e6}`;
  const main = page.getByRole('main');

  await page.goto('/sign-in');
  await tabTo(page, page.getByLabel(say('auth.email')));
  await keyboard.type(owner.email);
  await tabTo(page, page.getByLabel(say('auth.password')));
  await keyboard.type(owner.password);
  await keyboard.press('Enter');
  await expect(page.getByRole('navigation', { name: say('nav.label') })).toBeVisible();

  // By shortcuts to the list and on to the launch.
  await keysTo(page, ['g', 'i'], say('instances.title'));
  await keysTo(page, ['c'], say('launch.instance.title'));
  await tabTo(page, main.locator('input[name="accelerator"]:checked'));
  await arrowTo(page, main.locator('input[value="nvidia-h20-96g"]'));
  await tabTo(page, main.getByLabel(say('common.name'), { exact: true }));
  await keyboard.type(name);
  await tabTo(page, main.getByRole('checkbox', { name: /MacBook/ }));
  await keyboard.press('Space');
  await expect(page.getByText(say('launch.summary.able'))).toBeVisible();
  await tabTo(page, page.getByRole('button', { name: say('launch.instance.submit') }));
  await keyboard.press('Enter');

  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  const state = (of: string) => main.getByText(say(`workload.states.${of}`), { exact: true }).first();
  await expect(state('running')).toBeVisible({ timeout: 60_000 });

  const tabs = page.getByRole('navigation', { name: say('workload.tabs.label') });
  await tabTo(page, tabs.getByRole('link', { name: say('workload.tabs.terminal') }));
  await keyboard.press('Enter');
  await expect(page.getByText(say('workload.terminal.connected'))).toBeVisible({ timeout: 30_000 });
  await keyboard.type('nvidia-smi -L');
  await keyboard.press('Enter');
  const screen = page.getByRole('region', { name: say.like('workload.terminal.region') });
  await expect(screen).toContainText(/GPU \d: NVIDIA .* \(UUID: GPU-/);
  await keyboard.press('Escape');
  await keyboard.press('Escape');
  await expect(page.getByRole('button', { name: say('workload.terminal.reconnect') })).toBeFocused();

  // The palette knows what can be done with the thing on the page.
  await keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: say('commands.title') })).toBeFocused();
  const stop = say('workload.actions.stop');
  await keyboard.type(`${stop}: ${name}`);
  await expect(page.getByRole('option', { name: `${stop}: ${name}` })).toHaveAttribute('aria-selected', 'true');
  await keyboard.press('Enter');
  await tabTo(page, page.getByRole('dialog').getByRole('button', { name: stop, exact: true }));
  await keyboard.press('Enter');
  await expect(state('stopped')).toBeVisible({ timeout: 60_000 });

  await keysTo(page, ['g', 'v'], say('invoices.title'));
  await keyboard.press('j');
  await keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: say('invoices.running') })).toBeVisible();
  const line = main.getByRole('button', { name });
  await tabTo(page, line);
  await keyboard.press('Enter');
  await expect(main.getByRole('heading', { name: say('invoices.segments') })).toBeVisible();
});
