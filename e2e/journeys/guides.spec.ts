import { outputMatches, runGuide } from '../fixtures/guide';
import { expect, test } from '../fixtures/test';

// The guides are true: every command of theirs is run, and every output they state is compared.
for (const file of ['docs/guides/quickstart-api.md', 'docs/guides/quickstart-cli.md', 'docs/guides/cli.md']) {
  test(`${file} works as it stands`, async ({ ready }) => {
    test.setTimeout(300_000);
    const steps = await runGuide(file, { API: ready.api }, 280_000);
    expect(steps.length).toBeGreaterThan(5);
    for (const step of steps) {
      if (step.expected === null) continue;
      const matches = outputMatches(step.expected, step.output);
      expect(matches, `${file}:${step.line} states\n${step.expected}\nbut printed\n${step.output}`).toBe(true);
    }
  });
}

test('a stated output is compared line by line, and … stands for anything within one', () => {
  expect(outputMatches('a … c\nd\n', 'a b c\nd')).toBe(true);
  expect(outputMatches('…\nd', 'x\nd')).toBe(true);
  expect(outputMatches('a.c', 'abc')).toBe(false);
  expect(outputMatches('a …', 'a b\nc')).toBe(false);
  expect(outputMatches('d', 'd\ne')).toBe(false);
});
