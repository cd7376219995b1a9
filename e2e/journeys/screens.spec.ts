import { useLocale } from '../fixtures/console';
import { LOCALES } from '../fixtures/messages';
import { everyPage, setTheme, settled, THEMES } from '../fixtures/pages';
import { expect, test } from '../fixtures/test';
import { untranslated } from '../fixtures/untranslated';

const folder = 'test-results/screens';
// A recording of so many pages costs more than the pages.
test.use({ trace: 'off' });

const WIDTHS = { desktop: { width: 1440, height: 900 }, phone: { width: 360, height: 780 } } as const;

// For the eye: every page in both languages, both themes, on a desk and on a small phone. What the machine checks is that
// each comes up without trouble, that nothing is wider than the window, and that every word is in the page's language.
for (const locale of LOCALES) {
  test(`every page as pictures (${locale})`, async ({ page, context, ready, expected }) => {
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
        const wider = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
        if (wider > 0) wrong.push(`${name}: ${wider} px wider than the ${width} window`);
        for (const theme of THEMES) {
          await setTheme(page, theme);
          await page.screenshot({ path: `${folder}/${locale}-${width}-${theme}/${name}.png`, fullPage: true });
        }
      }
      await page.setViewportSize(WIDTHS.desktop);
    });
    expect(wrong).toEqual([]);
  });
}
