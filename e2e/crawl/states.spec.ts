import type { Page } from '@playwright/test';
import { axeViolations } from '../fixtures/axe';
import { signUp, useLocale } from '../fixtures/console';
import { LOCALES, type Locale } from '../fixtures/messages';
import { bareTenantPaths, setTheme, settled, signIn, THEMES } from '../fixtures/pages';
import { expect, test } from '../fixtures/test';
import { untranslated } from '../fixtures/untranslated';

const WIDTHS = { phone: { width: 360, height: 780 }, desktop: { width: 1440, height: 900 } };
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
    wrong.push(...(await untranslated(page, locale)).map((text) => `${name}: ${text}`));
    for (const [width, size] of Object.entries(WIDTHS)) {
      await page.setViewportSize(size);
      const wider = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
      if (wider > 0) wrong.push(`${name}: ${wider} px wider than the ${width} window`);
    }
    for (const theme of THEMES) {
      await setTheme(page, theme);
      wrong.push(...(await axeViolations(page, `${theme} ${name}`, theme === 'light' ? 'everything' : 'colours')));
    }
    const picture = `test-results/states/${locale}/${state}${address.replaceAll(/[/?=]/g, '-')}.png`;
    await page.screenshot({ path: picture });
  }
  return wrong;
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
    const org = locale === 'en' ? 'northwind' : 'xinghe';
    // A member in one, whoever pays in the other.
    const member = ready.users.find(({ role, org: of }) => role !== 'owner' && of === org)!;
    await signIn(page, ready, '/api/auth/sign-in', member);
    await page.goto('/console');
    await page.waitForURL((url) => url.pathname.split('/').length === 3);
    const { pathname } = new URL(page.url());
    expect(await look(page, locale, 'forbidden', bareTenantPaths(`/${org}`, pathname))).toEqual([]);
  });

  test(`every page while the API fails (${locale})`, async ({ page, context, ready, expected }) => {
    test.setTimeout(900_000);
    const proxy = process.env.API_PROXY_URL;
    test.info().skip(!proxy, 'a product that runs already has no proxy before its API: set API_PROXY_URL if it does');
    expected.push(/^500 /);
    await useLocale(context, ready.web, locale);
    const org = locale === 'en' ? 'northwind' : 'xinghe';
    await signIn(page, ready, '/api/auth/sign-in', ready.users.find((one) => one.role === 'owner' && one.org === org)!);
    await page.goto('/console');
    await page.waitForURL((url) => url.pathname.split('/').length === 3);
    const { pathname } = new URL(page.url());
    await page.request.post(`${proxy}/outage`, { data: FRAME.source });
    try {
      expect(await look(page, locale, 'failing', bareTenantPaths(`/${org}`, pathname))).toEqual([]);
    } finally {
      await page.request.post(`${proxy}/outage`, { data: '' });
    }
  });
}
