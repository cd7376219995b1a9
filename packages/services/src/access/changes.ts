const SECRET = /secret|token|password|script|environment/i;

/**
 * What a change looks like in the audit log: of each field that was sent, its value before and after. Fields that may hold
 * secrets are named without their values.
 */
export function changes(before: object, sent: object): { before: object; after: object } {
  const fields = Object.entries(sent).filter(([, value]) => value !== undefined);
  const shown = (name: string, value: unknown) => (SECRET.test(name) ? '[hidden]' : (value ?? null));
  const old = before as Record<string, unknown>;
  return {
    before: Object.fromEntries(fields.map(([name]) => [name, shown(name, old[name])])),
    after: Object.fromEntries(fields.map(([name, value]) => [name, shown(name, value)])),
  };
}
