import { axeViolations } from '../fixtures/axe';
import {
  act,
  addSshKey,
  type Desk,
  go,
  openTab,
  picture,
  signUp,
  stateBadge,
  topUp,
  useLocale,
} from '../fixtures/console';
import { LOCALES } from '../fixtures/messages';
import { sshPublicKey } from '../fixtures/ssh-key';
import { expect, test } from '../fixtures/test';

for (const locale of LOCALES) {
  test(`a terminal in the console is typed into, left by keyboard, and ends with its instance (${locale})`, async ({
    page,
    context,
    ready,
  }) => {
    test.setTimeout(180_000);
    const say = await useLocale(context, ready.web, locale);
    const desk = await signUp(page, say, {
      name: 'Han Mei',
      organization: `Terminal ${locale}`,
      project: 'Main',
      currency: 'USD',
    });
    await addSshKey(desk, sshPublicKey('hanmei@laptop'));
    await topUp(desk, '500');
    await launch(desk);
    await openTab(desk, 'terminal');
    await expect(page.getByText(say('workload.terminal.connected'))).toBeVisible({ timeout: 30_000 });
    const screen = page.getByRole('region', { name: say.like('workload.terminal.region') });
    await expect(screen).toContainText('simulated machine');
    await page.keyboard.type('nvidia-smi -L');
    await page.keyboard.press('Enter');
    await expect(screen).toContainText(/GPU \d: NVIDIA .* \(UUID: GPU-/);
    expect(await axeViolations(page, 'terminal')).toEqual([]);
    await picture(desk, 'terminal');

    // Tab belongs to the shell; two presses of Escape give the keyboard back to the page.
    await page.keyboard.press('Tab');
    await expect(screen.getByRole('textbox')).toBeFocused();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('button', { name: say('workload.terminal.reconnect') })).toBeFocused();

    await act(desk, 'stop');
    await expect(page.getByText(say('workload.terminal.reasons.not_running'))).toBeVisible({ timeout: 30_000 });
    await expect(stateBadge(desk, 'stopped')).toBeVisible({ timeout: 30_000 });
  });
}

async function launch(desk: Desk): Promise<void> {
  const { page, say } = desk;
  await go(desk, 'instances');
  await page
    .getByRole('link', { name: say('instances.new') })
    .first()
    .click();
  await expect(page.getByRole('heading', { name: say('launch.instance.title') })).toBeVisible();
  await page.getByRole('radio', { name: /Beijing|北京/ }).check();
  const card = page.locator('label').filter({ has: page.locator('input[value="nvidia-h20-96g"]') });
  await card.getByRole('radio').check();
  await page.getByLabel(say('common.name'), { exact: true }).fill('shell');
  await page.getByRole('button', { name: say('launch.instance.submit') }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'shell' })).toBeVisible();
  await expect(stateBadge(desk, 'running')).toBeVisible({ timeout: 60_000 });
}
