import { axeViolations } from '../fixtures/axe';
import { act, type Desk, go, picture, signUp, stateBadge, useLocale } from '../fixtures/console';
import { expect, test } from '../fixtures/test';

/** The cluster form, filled but for what a test is about. */
async function fillCluster(desk: Desk, name: string, nodes: number, accelerator: string): Promise<void> {
  const { page, say } = desk;
  await go(desk, 'clusters');
  await page
    .getByRole('link', { name: say('clusters.new') })
    .first()
    .click();
  await expect(page.getByRole('heading', { name: say('launch.cluster.title') })).toBeVisible();
  await page.getByRole('radio', { name: /Beijing/ }).check();
  await page.locator(`input[value="${accelerator}"]`).check();
  await page.getByLabel(say('launch.nodes')).fill(String(nodes));
  await page.getByLabel(say('common.name'), { exact: true }).fill(name);
}

test('four nodes of eight are placed together; an impossible cluster leaves nothing and says why', async ({
  page,
  context,
  ready,
  expected,
}) => {
  const say = await useLocale(context, ready.web, 'en');
  const desk = await signUp(page, say, { name: 'Han Meimei', organization: 'Gang Lab', project: 'Pretraining' });

  await fillCluster(desk, 'pretrain', 4, 'nvidia-h20-96g');
  await expect(page.getByText(say('launch.summary.able'))).toBeVisible();
  await page.getByRole('button', { name: say('launch.cluster.submit') }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'pretrain' })).toBeVisible();
  await expect(stateBadge(desk, 'running')).toBeVisible({ timeout: 40_000 });
  const nodes = page
    .getByRole('table', { name: say('workload.nodes') })
    .getByRole('row')
    .filter({ hasText: /h20-\d+/ });
  await expect(nodes).toHaveCount(4);
  const names = (await nodes.allTextContents()).map((text) => /h20-\d+\.[\w-]+/.exec(text)?.[0]);
  expect(new Set(names).size, 'four different nodes').toBe(4);
  expect(await axeViolations(page, 'running cluster')).toEqual([]);
  await picture(desk, 'cluster');

  // 96 accelerators of this model stand in the region, so twenty nodes of eight cannot be had.
  expected.push(/^409 \/api\/v1\/clusters$/);
  await fillCluster(desk, 'too-large', 20, 'metax-c500-64g');
  const refusal = page.getByRole('alert').filter({ hasText: say('launch.refusal.capacity') });
  await expect(refusal).toBeVisible();
  await expect(refusal.getByRole('button').first()).toBeVisible();
  await page.getByRole('button', { name: say('launch.cluster.submit') }).click();
  await expect(refusal).toBeVisible();
  await go(desk, 'clusters');
  await expect(page.getByRole('link', { name: 'pretrain' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'too-large' })).toHaveCount(0);
  await go(desk, 'quotas');
  await expect(page.getByRole('main').getByText(/32 of 256/)).toBeVisible();

  await go(desk, 'clusters');
  await page.getByRole('link', { name: 'pretrain' }).click();
  await act(desk, 'terminate');
  await expect(stateBadge(desk, 'terminated')).toBeVisible({ timeout: 30_000 });
});

test('a placement that the fleet refuses after admission leaves nothing held, bills nothing and says why', async ({
  page,
  context,
  ready,
}) => {
  const say = await useLocale(context, ready.web, 'en');
  const desk = await signUp(page, say, { name: 'Han Meimei', organization: 'Refused Lab', project: 'Pretraining' });
  await fillCluster(desk, 'sim-capacity-gang', 2, 'nvidia-h20-96g');
  await page.getByRole('button', { name: say('launch.cluster.submit') }).click();
  await expect(stateBadge(desk, 'failed')).toBeVisible({ timeout: 60_000 });
  await expect(
    page
      .getByRole('main')
      .getByText(/refused|no room|capacity/i)
      .first(),
  ).toBeVisible();
  await go(desk, 'quotas');
  await expect(page.getByRole('main').getByText(/^0 of 256/)).toBeVisible();
  await go(desk, 'usage');
  await expect(page.getByText(say('usage.noRows'))).toBeVisible();
});
