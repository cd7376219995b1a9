import { z } from 'zod';
import type { Shape } from './sample';

type JsonSchema = Shape & { $schema?: string; $defs?: Record<string, JsonSchema> };

/** Schemas with a name of their own (`.meta({ id })`), hoisted out of where they are used. */
export type Components = Map<string, Shape>;

/** Classes of Unicode letters are read differently, or not at all, by other languages' expressions. */
const UNPORTABLE = /\\p\{/;

/** What zod says beyond need: its own ids, and patterns that a format already states or that few can read. */
function isNoise(key: string, value: unknown, node: object): boolean {
  if (key === 'id') return typeof value === 'string';
  return key === 'pattern' && ('format' in node || UNPORTABLE.test(String(value)));
}

const isInteger = (node: object) => 'type' in node && node.type === 'integer' && !('format' in node);

function pointIntoComponents(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(pointIntoComponents);
  if (node === null || typeof node !== 'object') return node;
  return Object.fromEntries(
    [...Object.entries(node), ...(isInteger(node) ? [['format', 'int64'] as const] : [])]
      .filter(([key, value]) => !isNoise(key, value, node))
      .map(([key, value]) => [
        key,
        key === '$ref' && typeof value === 'string'
          ? value.replace('#/$defs/', '#/components/schemas/')
          : pointIntoComponents(value),
      ]),
  );
}

/** A schema as the document says it; those with a name stand in the components and are pointed to. */
export function jsonSchema(schema: z.ZodType, io: 'input' | 'output', components: Components): Shape {
  const { $schema: _, $defs, ...rest } = z.toJSONSchema(schema, { io }) as JsonSchema;
  for (const [name, definition] of Object.entries($defs ?? {})) {
    if (!components.has(name)) components.set(name, pointIntoComponents(definition) as Shape);
  }
  const own = schema.meta()?.id;
  if (!own) return pointIntoComponents(rest) as Shape;
  if (!components.has(own)) components.set(own, pointIntoComponents(rest) as Shape);
  return { $ref: `#/components/schemas/${own}` };
}
