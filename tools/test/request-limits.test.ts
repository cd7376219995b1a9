import { openApiDocument } from '@suanxiang/contract/openapi';
import type { Shape } from '@suanxiang/contract/sample';
import { NEWEST_API_VERSION } from '@suanxiang/contract/versions';
import { expect, test } from 'vitest';

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Shape>; parameters: Record<string, { schema: Shape }> };
}
interface Operation {
  parameters: { $ref?: string; name: string; schema: Shape }[];
  requestBody?: { content: { 'application/json': { schema: Shape } } };
}
const document = JSON.parse(JSON.stringify(openApiDocument(NEWEST_API_VERSION))) as Document;

/** A pattern without `*`, `+` or `{n,}` says how long a text may be. */
const isBounded = (pattern: string) => !/[*+]|\{\d+,\}/.test(pattern.replace(/\[[^\]]*\]|\\./g, ''));

function unlimited(shape: Shape, where: string): string[] {
  if (shape.$ref) return unlimited(document.components.schemas[shape.$ref.split('/').at(-1)!]!, where);
  const found: string[] = [];
  const { type, format, pattern, maxLength } = shape;
  const closed = shape.enum !== undefined || shape.const !== undefined;
  if (type === 'string' && !closed && !format && maxLength === undefined && !(pattern && isBounded(pattern))) {
    found.push(`${where}: text`);
  }
  if (type === 'array' && shape.maxItems === undefined) found.push(`${where}: list`);
  if (type === 'integer' && (shape.minimum === undefined || shape.maximum === undefined))
    found.push(`${where}: number`);
  for (const [name, field] of Object.entries(shape.properties ?? {}))
    found.push(...unlimited(field, `${where}.${name}`));
  if (shape.items) found.push(...unlimited(shape.items, `${where}[]`));
  for (const choice of [...(shape.anyOf ?? []), ...(shape.allOf ?? [])]) found.push(...unlimited(choice, where));
  return found;
}

test('everything that a request may hold has a limit', () => {
  const found = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => {
      const where = `${method.toUpperCase()} ${path}`;
      const own = operation.parameters.filter(({ $ref }) => !$ref);
      const body = operation.requestBody?.content['application/json'].schema;
      return [
        ...own.flatMap(({ name, schema }) => unlimited(schema, `${where} ${name}`)),
        ...(body ? unlimited(body, `${where} body`) : []),
      ];
    }),
  );
  expect(found).toEqual([]);
});
