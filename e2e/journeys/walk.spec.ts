import type { Page } from '@playwright/test';
import { axeViolations } from '../fixtures/axe';
import { useLocale } from '../fixtures/console';
import { LOCALES } from '../fixtures/messages';
import { everyPage, setTheme, settled, THEMES } from '../fixtures/pages';
import { expect, test } from '../fixtures/test';
import { untranslated } from '../fixtures/untranslated';

// A recording of so many pages costs more than the pages.
test.use({ trace: 'off' });
// They only look, and are the longest of all.
test.describe.configure({ mode: 'parallel' });

const WIDTHS = { desktop: { width: 1440, height: 900 }, phone: { width: 360, height: 780 } } as const;

/** How many pixels the page is wider than its window; above 0 it scrolls sideways. */
function widerThanWindow(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
}

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
      wrong.push(...(await untranslated(page, locale)).map((text) => `${name}: ${text}`));
      for (const [width, size] of Object.entries(WIDTHS)) {
        await page.setViewportSize(size);
        await settled(page);
        const wider = await widerThanWindow(page);
        if (wider > 0) wrong.push(`${name}: ${wider} px wider than the ${width} window`);
        // Structure and colours are the same in every language: one is enough for axe.
        if (width === 'phone' || locale === 'en') continue;
        for (const theme of THEMES) {
          await setTheme(page, theme);
          wrong.push(...(await axeViolations(page, `${theme} ${name}`, theme === 'light' ? 'everything' : 'colours')));
        }
      }
      await page.setViewportSize(WIDTHS.desktop);
    });
    expect(wrong).toEqual([]);
  });
}
