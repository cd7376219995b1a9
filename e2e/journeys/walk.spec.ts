import { useLocale } from '../fixtures/console';
import { faultsOf } from '../fixtures/faults';
import { LOCALES } from '../fixtures/messages';
import { everyPage } from '../fixtures/pages';
import { expect, test } from '../fixtures/test';

// A recording of so many pages costs more than the pages.
test.use({ trace: 'off' });
// They only look, and are the longest of all.
test.describe.configure({ mode: 'parallel' });

// One visit to every page in each language: that each comes up without trouble, that nothing is wider than the window, that
// every word is in the page's language, and that axe finds nothing. Pictures for the eye are `npm run screens`.
for (const locale of LOCALES) {
  test(`every page: words, widths, axe (${locale})`, async ({ page, context, ready, expected }) => {
    test.setTimeout(900_000);
    expected.push(/^404 \/\w+\/nothing-here$/);
    await useLocale(context, ready.web, locale);
    const wrong: string[] = [];
    // Each language with the tenant whose own names are in it.
    await everyPage(page, ready, locale === 'en' ? 'northwind' : 'xinghe', async ({ name }) => {
      await expect(page.locator('html')).toHaveAttribute('lang', locale);
      // Structure and colours are the same in every language: one is enough for axe.
      wrong.push(...(await faultsOf(page, locale, name, locale === 'zh-CN')));
    });
    expect(wrong).toEqual([]);
  });
}
