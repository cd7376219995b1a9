import type { Locale } from '@suanxiang/domain/locale';
import type { Namespace } from './namespaces';
import type { Messages } from './types';

/** All messages of a language; each language is loaded when it is first asked for. */
export async function loadMessages(locale: Locale): Promise<Messages> {
  return locale === 'zh-CN' ? (await import('./zh')).zh : (await import('./en')).en;
}

/** The part of the messages that a page's client components need. */
export function pickMessages(messages: Messages, namespaces: readonly Namespace[]): Partial<Messages> {
  return Object.fromEntries(namespaces.map((name) => [name, messages[name]]));
}
