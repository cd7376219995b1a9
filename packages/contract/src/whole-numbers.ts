import { z } from 'zod';

const known = new WeakMap<z.ZodType, string[]>();

/** Names of a query's fields that are whole numbers, by its schema. */
export function wholeNumbersOf(query: z.ZodType): string[] {
  let names = known.get(query);
  if (!names) {
    const { properties = {} } = z.toJSONSchema(query, { io: 'input', unrepresentable: 'any' });
    names = Object.keys(properties).filter((name) => (properties[name] as { type?: string }).type === 'integer');
    known.set(query, names);
  }
  return names;
}
