/** A form of the API: nested keys in brackets become objects, values stay text. */
export type Form = { [key: string]: string | Form };

/** Reads `a[b][c]=x` as {a: {b: {c: 'x'}}}; lists come as objects with the keys 0, 1, ... */
export function parseForm(text: string): Form {
  const form: Form = Object.create(null);
  for (const [name, value] of new URLSearchParams(text)) {
    const keys = name.replaceAll(']', '').split('[');
    let place = form;
    for (const key of keys.slice(0, -1)) {
      const inner = place[key];
      const next: Form = typeof inner === 'object' ? inner : Object.create(null);
      place[key] = next;
      place = next;
    }
    place[keys.at(-1)!] = value;
  }
  return form;
}

export const textOf = (form: Form, key: string): string | null => {
  const value = form[key];
  return typeof value === 'string' ? value : null;
};

export const formOf = (form: Form, key: string): Form => {
  const value = form[key];
  return typeof value === 'object' ? value : {};
};

/** Values of a nested form that are texts, for metadata and lists. */
export function textsOf(form: Form): Record<string, string> {
  return Object.fromEntries(
    Object.entries(form).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
