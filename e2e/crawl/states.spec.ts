import type { Page } from '@playwright/test';
import { signUp, useLocale } from '../fixtures/console';
import { faultsOf } from '../fixtures/faults';
import { LOCALES, type Locale } from '../fixtures/messages';
import { bareTenantPaths, settled, signIn } from '../fixtures/pages';
import type { Ready } from '../fixtures/ready';
import { expect, test } from '../fixtures/test';

/** What the frame around a page needs; it must answer while everything else fails. */
const FRAME = /\/v1\/(?!me\b|organizations\/[^/?]+$|projects\?limit=100$|accelerators|regions|events\/stream)/;
test.use({ trace: 'off' });

/** Opens every address and answers what is wrong with how it looks: words, widths, contrast, structure. */
async function look(page: Page, locale: Locale, state: string, addresses: readonly string[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const address of addresses) {
    const name = `${state} ${address}`;
    await page.goto(address, { waitUntil: 'domcontentloaded' });
    await settled(page);
    wrong.push(...(await faultsOf(page, locale, name, true)));
    const picture = `test-results/states/${locale}/${state}${address.replaceAll(/[/?=]/g, '-')}.png`;
    await page.screenshot({ path: picture });
  }
  return wrong;
}

/** Signs in as somebody of the demonstration organisation of a language. Answers the addresses of all its pages. */
async function enter(page: Page, ready: Ready, locale: Locale, who: (role: string) => boolean): Promise<string[]> {
  const org = locale === 'en' ? 'northwind' : 'xinghe';
  await signIn(page, ready, '/api/auth/sign-in', ready.users.find((one) => one.org === org && who(one.role))!);
  await page.goto('/console');
  await page.waitForURL((url) => url.pathname.split('/').length === 3);
  return bareTenantPaths(`/${org}`, new URL(page.url()).pathname);
}

for (const locale of LOCALES) {
  test(`every page of an organisation with nothing in it (${locale})`, async ({ page, context, ready }) => {
    test.setTimeout(900_000);
    const say = await useLocale(context, ready.web, locale);
    const names = locale === 'en' ? ['Empty Rooms', 'First'] : ['空房间', '首个'];
    const { organization, project } = await signUp(page, say, {
      name: locale === 'en' ? 'Ann Lee' : '安',
      organization: names[0]!,
      project: names[1]!,
      mode: 'live',
    });
    expect(await look(page, locale, 'empty', bareTenantPaths(organization, project))).toEqual([]);
  });

  test(`every page for a person who may see little (${locale})`, async ({ page, context, ready, expected }) => {
    test.setTimeout(900_000);
    expected.push(/^403 /);
    await useLocale(context, ready.web, locale);
    // A member in one, whoever pays in the other.
    const addresses = await enter(page, ready, locale, (role) => role !== 'owner');
    expect(await look(page, locale, 'forbidden', addresses)).toEqual([]);
  });

  test(`every page while the API fails (${locale})`, async ({ page, context, ready, expected }) => {
    test.setTimeout(900_000);
    const proxy = process.env.API_PROXY_URL;
    test.info().skip(!proxy, 'a product that runs already has no proxy before its API: set API_PROXY_URL if it does');
    expected.push(/^500 /);
    await useLocale(context, ready.web, locale);
    const addresses = await enter(page, ready, locale, (role) => role === 'owner');
    await page.request.post(`${proxy}/outage`, { data: FRAME.source });
    try {
      expect(await look(page, locale, 'failing', addresses)).toEqual([]);
    } finally {
      await page.request.post(`${proxy}/outage`, { data: '' });
    }
  });
}
