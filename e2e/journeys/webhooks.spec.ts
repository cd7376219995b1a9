import { go, picture, signUp, useLocale } from '../fixtures/console';
import { expect, test } from '../fixtures/test';

test('a webhook is added, tried, changed, given a new secret, turned off and on, and deleted', async ({
  page,
  context,
  ready,
  expected,
}) => {
  // The page of a webhook hears that it was deleted before it has gone, and asks once more.
  expected.push(/^404 \/api\/v1\/webhooks\/\w+(\/deliveries)?$/);
  const say = await useLocale(context, ready.web, 'en');
  const desk = await signUp(page, say, { name: 'Radia', organization: 'Hook Lab', project: 'Told' });
  await go(desk, 'webhooks');
  await page
    .getByRole('link', { name: say('webhooks.create') })
    .first()
    .click();
  await page.waitForURL(`**${desk.organization}/webhooks/new`);
  const panel = page.getByRole('dialog');
  await panel.getByLabel(say('webhooks.url')).fill('http://10.0.0.1/inside');
  // What was typed is not lost by a slip.
  await page.keyboard.press('Escape');
  await panel.getByRole('button', { name: say('webhooks.stay') }).click();
  await panel.getByLabel(say('webhooks.url')).fill('https://hooks.example.com/suanxiang');
  await panel.getByRole('radio', { name: say('webhooks.someTypes') }).check();
  await panel.getByText(say('events.kinds.invoice'), { exact: true }).click();
  await panel.getByRole('checkbox', { name: 'invoice.final' }).check();
  await panel.getByRole('button', { name: say('common.showCode') }).click();
  await expect(page.getByText('"event_types": [')).toBeVisible();
  await page.keyboard.press('Escape');
  await picture(desk, 'webhook-form');
  await panel.getByRole('button', { name: say('webhooks.create'), exact: true }).click();
  await expect(panel.locator('pre').first()).toContainText('whsec_');
  await panel.getByRole('button', { name: say('webhooks.stored') }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'hooks.example.com' })).toBeVisible();

  // Nothing answers there: the attempt stands in the log with what was sent.
  await page.getByRole('button', { name: say('webhooks.probe') }).click();
  await page.getByRole('button', { name: 'webhook.test' }).click();
  await expect(page.getByText(say('webhooks.attempt', { number: 1 }))).toBeVisible();
  await expect(page.getByRole('main').locator('pre').last()).toContainText('"webhook.test"');
  await picture(desk, 'webhook');
  await page.getByRole('button', { name: say('webhooks.replay') }).click();
  await expect(page.getByRole('button', { name: 'webhook.test' })).toHaveCount(2);

  await page.getByRole('button', { name: say('webhooks.edit') }).click();
  await panel.getByLabel(say('webhooks.purpose')).fill('Training platform');
  await panel.getByRole('button', { name: say('common.save') }).click();
  await expect(page.getByText('Training platform')).toBeVisible();

  const choose = async (entry: string) => {
    await page
      .getByRole('main')
      .getByRole('button', { name: say('common.actions') })
      .click();
    await page.getByRole('menuitem', { name: say(entry) }).click();
  };
  await choose('webhooks.rotate');
  await panel.getByRole('button', { name: say('webhooks.rotateNow') }).click();
  await expect(panel.locator('pre').first()).toContainText('whsec_');
  await panel.getByRole('button', { name: say('webhooks.stored') }).click();
  await expect(page.getByText(say('webhooks.oldSecretUntil'))).toBeVisible();

  await choose('webhooks.turnOff');
  await panel.getByRole('button', { name: say('webhooks.turnOff') }).click();
  await expect(page.getByText(say('webhooks.disabledTitle'))).toBeVisible();
  await page.getByRole('button', { name: say('webhooks.turnOn') }).click();
  await expect(page.getByText(say('webhooks.disabledTitle'))).toBeHidden();

  await choose('webhooks.delete');
  await panel.getByRole('button', { name: say('webhooks.delete'), exact: true }).click();
  await expect(page.getByText(say('webhooks.emptyTitle'))).toBeVisible();

  // All of it stands among the events, which can be narrowed to one kind.
  await go(desk, 'events');
  await page.getByLabel(say('events.kind')).selectOption('webhook');
  await expect(page.getByRole('button', { name: 'webhook.deleted' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'organization.created' })).toBeHidden();
  await page.getByRole('button', { name: 'webhook.deleted' }).click();
  await expect(page.getByRole('main').locator('pre')).toContainText('"type": "webhook.deleted"');
});
