import { expect, test } from 'vitest';
import { openApiDocument } from '../src/openapi';

// biome-ignore lint/suspicious/noExplicitAny: schemas of any shape, looked at place by place.
type Node = any;

const document = openApiDocument('test') as Node;

/** Every field of every answer: its name and its schema, references followed once. */
function fields(): [string, Node][] {
  const found: [string, Node][] = [];
  const walk = (node: Node): void => {
    if (node === null || typeof node !== 'object') return;
    for (const [name, field] of Object.entries(node.properties ?? {})) found.push([name, field]);
    for (const inner of Object.values(node)) walk(inner);
  };
  walk(document.components.schemas);
  for (const methods of Object.values(document.paths) as Node[]) {
    for (const operation of Object.values(methods) as Node[]) walk(operation.responses);
  }
  return found;
}

const all = fields();
const choices = (field: Node): Node[] => field.anyOf ?? field.oneOf ?? [field];
const isText = (field: Node) =>
  choices(field).every((one) => [one.type].flat().every((type: string) => type === 'string' || type === 'null'));

test('every moment is RFC 3339 in UTC', () => {
  const moments = all.filter(([name]) => /_at$|^at$/.test(name) && !/^(look|from|to)_/.test(name));
  expect(moments.length).toBeGreaterThan(50);
  const wrong = moments.filter(([, field]) => !choices(field).some(({ format }) => format === 'date-time'));
  expect([...new Set(wrong.map(([name]) => name))]).toEqual([]);
});

test('every amount of money is a decimal as text, beside its currency', () => {
  const amounts = all.filter(([name]) => /^(amount|price_per_.*|per_second|per_hour)$/.test(name));
  expect(amounts.length).toBeGreaterThan(10);
  const wrong = amounts.filter(
    ([, field]) => !choices(field).some((one) => one.$ref?.endsWith('/Money')) && !isText(field),
  );
  expect([...new Set(wrong.map(([name]) => name))]).toEqual([]);
  const money = document.components.schemas.Money;
  expect(money.required).toEqual(['amount', 'currency']);
  expect(money.properties.amount.pattern).toBeDefined();
});
