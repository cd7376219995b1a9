import { axeViolations } from '../fixtures/axe';
import { useLocale } from '../fixtures/console';
import { everyPage, setTheme, THEMES } from '../fixtures/pages';
import { expect, test } from '../fixtures/test';

// A recording of so many pages costs more than the pages; what is wrong is named by line.
test.use({ trace: 'off' });

test('every page passes axe in both themes', async ({ page, context, ready, expected }) => {
  test.setTimeout(900_000);
  expected.push(/^404 \/\w+\/nothing-here$/);
  await useLocale(context, ready.web, 'en');
  const found: string[] = [];
  await everyPage(page, ready, 'xinghe', async ({ name }) => {
    for (const theme of THEMES) {
      await setTheme(page, theme);
      found.push(...(await axeViolations(page, `${theme} ${name}`, theme === 'light' ? 'everything' : 'colours')));
    }
  });
  expect(found).toEqual([]);
});
