import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { useLocale } from '../fixtures/console';
import { LOCALES } from '../fixtures/messages';
import { everyPage, setTheme, settled, THEMES } from '../fixtures/pages';
import { expect, test } from '../fixtures/test';
import { contactSheets } from './contact-sheet';

const folder = path.resolve('test-results/contact-sheets');
const WIDTHS = {
  phone: { width: 360, height: 780 },
  desktop: { width: 1440, height: 1200 },
  '4k': { width: 3840, height: 2160 },
};
test.use({ trace: 'off' });

/** What a variable of the environment names, all when it names nothing. */
function chosen<T extends string>(variable: string, all: readonly T[]): T[] {
  const names = process.env[variable]?.split(',');
  return all.filter((one) => !names || names.includes(one));
}

const widths = chosen('SCREENS_WIDTHS', Object.keys(WIDTHS) as (keyof typeof WIDTHS)[]);
const themes = chosen('SCREENS_THEMES', THEMES);

// Contact sheets of every page in both languages, both themes and three widths, for the eye. Nothing is checked beyond that
// every page comes up without trouble; the journeys check words, widths and axe.
for (const locale of chosen('SCREENS_LOCALES', LOCALES)) {
  test(`contact sheets (${locale})`, async ({ page, context, ready, expected }) => {
    test.setTimeout(3_600_000);
    expected.push(/^404 \/\w+\/nothing-here$/);
    await useLocale(context, ready.web, locale);
    rmSync(path.join(folder, locale), { recursive: true, force: true });
    await everyPage(page, ready, locale === 'en' ? 'northwind' : 'xinghe', async ({ name }) => {
      for (const width of widths) {
        await page.setViewportSize(WIDTHS[width]);
        await settled(page);
        for (const theme of themes) {
          await setTheme(page, theme);
          await page.screenshot({ path: path.join(folder, locale, `${width}-${theme}`, `${name}.png`) });
        }
      }
    });
    const blank = path.join(folder, locale, 'blank.html');
    writeFileSync(blank, '');
    await page.setViewportSize({ width: 400, height: 400 });
    await page.goto(pathToFileURL(blank).href);
    const sheets: string[] = [];
    for (const width of widths) {
      for (const theme of themes) {
        const name = `${width}-${theme}`;
        const target = path.join(folder, `${locale}-${name}`);
        sheets.push(...(await contactSheets(page, path.join(folder, locale, name), target, width === 'phone')));
      }
    }
    process.stdout.write(`${sheets.join('\n')}\n`);
    expect(sheets.length).toBeGreaterThan(0);
  });
}
