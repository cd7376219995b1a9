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
import { pdfText } from '../fixtures/pdf';
import { sshPublicKey } from '../fixtures/ssh-key';
import { expect, test } from '../fixtures/test';

/** The figure beside a term of a description list or stat. */
function figure({ page }: Desk, label: string) {
  return page.getByRole('main').getByText(label, { exact: true }).first().locator('xpath=..');
}

for (const locale of LOCALES) {
  test(`from sign-up to a checked invoice (${locale})`, async ({ page, context, ready }) => {
    test.setTimeout(240_000);
    const chinese = locale === 'zh-CN';
    const say = await useLocale(context, ready.web, locale);
    const desk = await signUp(page, say, {
      name: chinese ? '李雷' : 'Li Lei',
      organization: chinese ? '星河大模型实验室' : 'Galaxy Model Lab',
      project: chinese ? '训练' : 'Training',
      currency: chinese ? 'CNY' : 'USD',
    });
    await addSshKey(desk, sshPublicKey('lilei@laptop'));
    await expect(page.getByRole('row', { name: /lilei@laptop|lilei-laptop/ })).toBeVisible();
    await topUp(desk, '500');
    await launch(desk);
    await watchItRun(desk);
    await act(desk, 'stop');
    await expect(stateBadge(desk, 'stopped')).toBeVisible();
    await act(desk, 'start');
    await expect(stateBadge(desk, 'running')).toBeVisible({ timeout: 30_000 });
    // The page hears of it at once; a run of less than a second would cost nothing and not be listed.
    await page.waitForTimeout(2_500);
    await act(desk, 'terminate');
    await expect(stateBadge(desk, 'terminated')).toBeVisible();
    await seeEvents(desk);
    const seconds = await readUsage(desk);
    await closeMonth(desk);
    await checkInvoice(desk, seconds);
  });
}

/** Picks a type by region with live stock and price, and launches two accelerators of it. */
async function launch(desk: Desk): Promise<void> {
  const { page, say } = desk;
  await go(desk, 'instances');
  await page
    .getByRole('link', { name: say('instances.new') })
    .first()
    .click();
  await expect(page.getByRole('heading', { name: say('launch.instance.title') })).toBeVisible();
  await page.getByRole('radio', { name: /Singapore|新加坡/ }).check();
  await page.getByRole('radio', { name: /Beijing|北京/ }).check();
  const card = page.locator('label').filter({ has: page.locator('input[value="nvidia-h20-96g"]') });
  await expect(card).toContainText(/(1\.22|8\.\d\d).* \/ h/);
  await card.getByRole('radio').check();
  await page
    .getByRole('group', { name: say('launch.gpus') })
    .getByRole('radio', { name: '2', exact: true })
    .check();
  await page.getByLabel(say('common.name'), { exact: true }).fill('trainer');
  await expect(page.getByRole('checkbox', { name: /lilei/ })).toBeChecked();
  await expect(page.getByText(say('launch.summary.able'))).toBeVisible();
  await picture(desk, '1-launch');
  await page.getByRole('button', { name: say('launch.instance.submit') }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'trainer' })).toBeVisible();
}

/** Steps are visible while it starts; then the chart and the cost move. */
async function watchItRun(desk: Desk): Promise<void> {
  const { page, say } = desk;
  const steps = page.getByRole('listitem').filter({ hasText: say('workload.steps.boot') });
  await expect(steps.first()).toBeVisible();
  await expect(stateBadge(desk, 'provisioning')).toBeVisible();
  await picture(desk, '2-provisioning');
  await expect(stateBadge(desk, 'running')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(/^ssh -p \d+ root@/)).toBeVisible();
  await expect(page.getByRole('img', { name: say.like('workload.lastMinuteText') })).toBeVisible({ timeout: 20_000 });
  const cost = figure(desk, say('workload.costSoFar'));
  const before = (await cost.textContent()) ?? '';
  await expect(cost).not.toHaveText(before, { timeout: 10_000 });

  expect(await axeViolations(page, 'running instance')).toEqual([]);
  await picture(desk, '3-running');

  await openTab(desk, 'metrics');
  await expect(page.getByRole('img', { name: new RegExp(say('workload.metrics.utilization')) }).first()).toBeVisible();
  await picture(desk, '4-metrics');
  await openTab(desk, 'overview');
}

/** Every state it went through, with who caused it. */
async function seeEvents(desk: Desk): Promise<void> {
  const { page, say } = desk;
  await openTab(desk, 'events');
  for (const state of [
    'queued',
    'provisioning',
    'running',
    'stopping',
    'stopped',
    'starting',
    'terminating',
    'terminated',
  ])
    await expect(
      page
        .getByRole('main')
        .getByText(say(`workload.states.${state}`))
        .first(),
    ).toBeVisible();
}

/** Two runs, each with its own seconds; answers their sum. */
async function readUsage(desk: Desk): Promise<number> {
  const { page, say } = desk;
  await go(desk, 'usage');
  const rows = page
    .getByRole('table', { name: say('usage.rows') })
    .getByRole('row')
    .filter({ hasText: 'trainer' });
  await expect(rows).toHaveCount(2);
  const texts = await rows.allInnerTexts();
  const seconds = texts.map((text) => Number(/([\d,]+) ?(s|秒)/.exec(text)?.[1]?.replaceAll(',', '')));
  expect(seconds.every((value) => value > 0)).toBe(true);
  await rows.first().getByRole('button').click();
  await expect(
    page
      .getByRole('list', { name: say('usage.blocks') })
      .getByRole('img')
      .first(),
  ).toBeVisible();
  await picture(desk, '5-usage');
  return seconds.reduce((a, b) => a + b, 0);
}

/** The test clock moves past the end of the month and its grace. */
async function closeMonth(desk: Desk): Promise<void> {
  const { page, say } = desk;
  await go(desk, 'settings');
  const button = page.getByRole('button', { name: say('settings.clock.closeMonth') });
  // Early in a month the end plus grace lies more than the 31 days ahead that one move may be.
  const twice = await page.getByText(say('settings.clock.twoSteps')).isVisible();
  for (let move = 0; move < (twice ? 2 : 1); move += 1) {
    await button.click();
    await expect(page.getByText(say.like('settings.clock.advanced')).last()).toBeVisible();
  }
  await go(desk, 'invoices');
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole('row').filter({ hasText: say('invoices.status.paid') })).toHaveCount(1, {
      timeout: 2_000,
    });
  }).toPass({ timeout: 30_000 });
}

/** The invoice bills the seconds of the usage page; a line opens down to its blocks; both PDFs hold number and total. */
async function checkInvoice(desk: Desk, seconds: number): Promise<void> {
  const { page, say } = desk;
  await page
    .getByRole('row')
    .filter({ hasText: say('invoices.status.paid') })
    .getByRole('link')
    .click();
  await page.waitForURL(/\/invoices\/inv_/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/-\d{4}-\d+/);
  const number = (await page.getByRole('heading', { level: 1 }).textContent()) ?? '';
  const lines = page
    .getByRole('table', { name: say('invoices.lines') })
    .getByRole('row')
    .filter({ hasText: 'trainer' });
  await expect(lines).toHaveCount(2);
  const texts = await lines.allInnerTexts();
  const billed = texts.map((text) => Number(/([\d,]+) ?(s|秒)/.exec(text)?.[1]?.replaceAll(',', '')));
  expect(billed.reduce((a, b) => a + b, 0)).toBe(seconds);

  await lines.first().getByRole('button').click();
  // A run of a few seconds has its own segment and one that fills up to the least billed time.
  const segments = page.getByRole('table', { name: say('invoices.segments') });
  await expect(segments.getByRole('row').filter({ hasText: say('invoices.minimum') })).toHaveCount(1);
  await expect(
    page
      .getByRole('list', { name: say('usage.blocks') })
      .getByRole('listitem')
      .first(),
  ).toContainText(/\d+\/60/);

  await picture(desk, '6-invoice');

  for (const language of ['English', '中文']) {
    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name: say('invoices.pdf', { language }) }).click();
    const download = await downloading;
    const text = pdfText(await download.path());
    expect(text).toContain(number);
    expect(text).toContain('trainer');
    expect(text).toContain(language === 'English' ? 'Suanxiang' : '账单');
  }
}
