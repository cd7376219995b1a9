import { expect, test } from 'vitest';
import { file, ratingCase, run } from './support/rate-command';

test('prints and reads exact integers of any size, and leaves cases of an unknown kind out', () => {
  const { code, out } = run(file(JSON.stringify({ cases: [ratingCase, { id: 'X1', kind: 'other' }] })));
  expect(code).toBe(0);
  expect(out).toContain('"total_minor": 10000000000000');
  expect(Object.keys(JSON.parse(out))).toEqual(['T1']);
  const price = '"micro_per_gpu_hour":"360000000000000000000"';
  const bare = JSON.stringify({ cases: [ratingCase] }).replace(price, '"micro_per_gpu_hour":324259173170675748');
  // (2^53 + 1) x 36 per hour: 9,007,199,254,740,993 of 10^-6 per 100 seconds, exact only without a double on the way.
  expect(run(file(bare)).out).toContain('"exact_minor": "9007199254740993/1000000"');
});

test('a case that cannot be read is named, the others are printed, the exit code is 2', () => {
  const bad = { ...ratingCase, id: 'T2', account: { ...ratingCase.account, time_zone: 'Mars' } };
  const { code, out, err } = run(file(JSON.stringify({ cases: [bad, ratingCase] })));
  expect(code).toBe(2);
  expect(err).toBe('case T2.account.time_zone must be an IANA time zone, not "Mars".\n');
  expect(Object.keys(JSON.parse(out))).toEqual(['T1']);
});

test.each([
  [[], /^Name one file of cases: .*\n$/],
  [['/no/such/file.json'], /^The file \/no\/such\/file\.json does not exist\.\n$/],
  [['--wrong'], /^Unknown option '--wrong'.*\n$/],
])('%j is answered with one sentence and exit code 2', (args, sentence) => {
  const { code, out, err } = run(...(args as string[]));
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(sentence);
});

test.each([
  ['{"cases": [', /is not JSON: .*\.\n$/],
  ['[]', /^file must be an object\.\n$/],
  ['{"cases": {}}', /^file\.cases must be an array, not \{\}\.\n$/],
])('the content %s is answered with one sentence and exit code 2', (content, sentence) => {
  const { code, out, err } = run(file(content));
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(sentence);
});

test('a case that is none does not keep the others from being printed', () => {
  const { code, out, err } = run(file('{"cases": [7]}'));
  expect([code, out]).toEqual([2, '{}\n']);
  expect(err).toMatch(/^file\.cases\[0\] must be an object\.\n$/);
});
