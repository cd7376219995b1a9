import { type Desk, go, signUp, stateBadge, useLocale } from '../fixtures/console';
import { expect, test } from '../fixtures/test';

/** The launch page of an instance with a model chosen. */
async function openLaunch(desk: Desk, accelerator: string, name: string): Promise<void> {
  const { page, say } = desk;
  await go(desk, 'instances');
  await page
    .getByRole('link', { name: say('instances.new') })
    .first()
    .click();
  await page.getByRole('radio', { name: /Beijing/ }).check();
  await page.locator(`input[value="${accelerator}"]`).check();
  await page.getByLabel(say('common.name'), { exact: true }).fill(name);
}

async function openCluster(desk: Desk, accelerator: string, nodes: number): Promise<void> {
  const { page, say } = desk;
  await go(desk, 'clusters');
  await page
    .getByRole('link', { name: say('clusters.new') })
    .first()
    .click();
  await page.getByRole('radio', { name: /Beijing/ }).check();
  await page.locator(`input[value="${accelerator}"]`).check();
  await page.getByLabel(say('launch.nodes')).fill(String(nodes));
}

test('quota, capacity and balance are three different refusals, each with its way out', async ({
  page,
  context,
  ready,
}) => {
  const say = await useLocale(context, ready.web, 'en');
  const desk = await signUp(page, say, { name: 'Ines', organization: 'Error Lab', project: 'Errors' });
  const refusal = (title: string) => page.getByRole('alert').filter({ hasText: say(title) });

  await openCluster(desk, 'nvidia-h20-96g', 40);
  await expect(refusal('launch.refusal.quota')).toContainText('320 more are needed; 0 of 256 are in use.');
  await expect(
    refusal('launch.refusal.quota').getByRole('link', { name: say('launch.refusal.seeQuotas') }),
  ).toBeVisible();

  await openCluster(desk, 'metax-c500-64g', 20);
  await expect(refusal('launch.refusal.capacity')).toBeVisible();
  await refusal('launch.refusal.capacity').getByRole('button').first().click();
  await expect(page.getByText(say('launch.summary.able'))).toBeVisible();
});

test('a live organization without money is told how much is missing and where to add it', async ({
  page,
  context,
  ready,
}) => {
  const say = await useLocale(context, ready.web, 'en');
  const desk = await signUp(page, say, { name: 'Ines', organization: 'Paying Lab', project: 'Errors', mode: 'live' });
  await openLaunch(desk, 'nvidia-h20-96g', 'unpaid');
  const refusal = page.getByRole('alert').filter({ hasText: say('launch.refusal.funds') });
  await expect(refusal).toContainText(/Add at least \$1\.22/);
  await refusal.getByRole('link', { name: say('launch.refusal.topUp') }).click();
  await expect(page.getByRole('heading', { level: 1, name: say('billing.title') })).toBeVisible();
});

test('a machine that does not boot says so in the language of the reader, and costs nothing', async ({
  page,
  context,
  ready,
}) => {
  const say = await useLocale(context, ready.web, 'en');
  const desk = await signUp(page, say, { name: 'Ines', organization: 'Boot Lab', project: 'Errors' });
  await openLaunch(desk, 'nvidia-h20-96g', 'sim-boot-fail');
  await page.getByRole('button', { name: say('launch.instance.submit') }).click();
  await expect(stateBadge(desk, 'failed')).toBeVisible({ timeout: 40_000 });
  await expect(page.getByText(/The operating system did not start/).first()).toBeVisible();
  await useLocale(context, ready.web, 'zh-CN');
  await page.reload();
  await expect(page.getByText(/操作系统启动失败/).first()).toBeVisible();
  await useLocale(context, ready.web, 'en');
  await page.reload();
  await go(desk, 'usage');
  await expect(page.getByText(say('usage.noRows'))).toBeVisible();
});

test('fields that cannot be right are named where they are, and nothing is sent', async ({ page, context, ready }) => {
  const say = await useLocale(context, ready.web, 'en');
  const desk = await signUp(page, say, { name: 'Ines', organization: 'Field Lab', project: 'Errors' });
  const sent: string[] = [];
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (request.method() === 'POST' && !url.searchParams.has('validate_only')) sent.push(url.pathname);
  });
  await openLaunch(desk, 'nvidia-h20-96g', 'Not A Machine Name');
  await page.getByRole('button', { name: say('launch.instance.submit') }).click();
  await expect(page.getByText(say('common.machineNameRule'))).toBeVisible();
  await expect(page.getByLabel(say('common.name'), { exact: true })).toBeFocused();
  expect(sent).toEqual([]);
});
