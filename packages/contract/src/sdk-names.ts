import type { Route } from './route';
import { ROUTES } from './routes';

/** Where an operation stands in our clients of other languages: `group.method`, both in words of lower case. */
interface SdkName {
  /** null: a method of the client itself. */
  group: readonly string[] | null;
  method: readonly string[];
}

const clis = (ROUTES as readonly Route[]).map(({ cli }) => cli);

/** The name follows the words of the command line: `suan instances create` is `client.instances.create`. */
export function sdkNameOf({ cli }: Pick<Route, 'cli'>): SdkName {
  const [group = [], ...method] = cli.split(' ').map((word) => word.split('-'));
  if (method.length > 0) return { group, method: method.flat() };
  const isGroup = clis.some((other) => other.startsWith(`${cli} `));
  return isGroup ? { group, method: ['get'] } : { group: null, method: group };
}

export const snakeCase = (words: readonly string[]) => words.join('_');

export const camelCase = (words: readonly string[]) =>
  words.map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join('');
