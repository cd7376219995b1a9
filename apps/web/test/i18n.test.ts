import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { NAMESPACES } from '../src/i18n/namespaces';

const folder = path.join(import.meta.dirname, '../messages');
type Tree = { [key: string]: string | Tree };

function read(locale: string, namespace: string): Record<string, string> {
  const flat: Record<string, string> = {};
  const walk = (tree: Tree, prefix: string) => {
    for (const [key, value] of Object.entries(tree)) {
      if (typeof value === 'string') flat[prefix + key] = value;
      else walk(value, `${prefix}${key}.`);
    }
  };
  walk(JSON.parse(readFileSync(path.join(folder, locale, `${namespace}.json`), 'utf8')) as Tree, '');
  return flat;
}

/** Names of ICU arguments, so that a translation cannot lose or invent one. */
function argumentsOf(message: string): string[] {
  return [...new Set([...message.matchAll(/\{(\w+)\s*[,}]/g)].map(([, name]) => name ?? ''))].sort();
}

/** Texts that are the same in both languages on purpose: symbols, names and units. */
const SAME = new Set(['invoices.pdf', 'landing.drawing.resource', 'launch.need.fit', 'settings.id', 'workload.id']);

describe('messages', () => {
  it('exist for the same namespaces in both languages', () => {
    for (const locale of ['en', 'zh-CN']) {
      const files = readdirSync(path.join(folder, locale)).map((file) => file.replace('.json', ''));
      expect(files.sort()).toEqual([...NAMESPACES].sort());
    }
  });

  describe.each(NAMESPACES)('%s', (namespace) => {
    const en = read('en', namespace);
    const zh = read('zh-CN', namespace);

    it('has the same keys in Chinese, none missing and none extra', () => {
      expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort());
    });

    it('has the same arguments in Chinese', () => {
      for (const [key, text] of Object.entries(en))
        expect([key, argumentsOf(zh[key] ?? '')]).toEqual([key, argumentsOf(text)]);
    });

    it('is translated', () => {
      const words = (text: string) => text.replace(/\{\w+\}/g, '').replace(/[^\p{Letter}]/gu, '');
      const left = Object.entries(zh).filter(
        ([key, text]) => !SAME.has(`${namespace}.${key}`) && words(text) !== '' && !/\p{Script=Han}/u.test(text),
      );
      expect(left).toEqual([]);
    });

    it('has no Chinese left in English', () => {
      expect(Object.entries(en).filter(([, text]) => /\p{Script=Han}/u.test(text))).toEqual([]);
    });
  });
});
