/** Languages and currencies are equal citizens everywhere. */
export const LOCALES = ['en', 'zh-CN'] as const;
export type Locale = (typeof LOCALES)[number];

/** A text in both languages. */
export interface Bilingual {
  en: string;
  zh: string;
}

/** Picks the text of a locale. */
export function inLocale(text: Bilingual, locale: Locale): string {
  return locale === 'zh-CN' ? text.zh : text.en;
}
