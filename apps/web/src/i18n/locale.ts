import { LOCALES, type Locale } from '@suanxiang/domain/locale';

export const LOCALE_COOKIE = 'sx_locale';

/** The locale of a cookie value if it is one of ours, else the best match of an Accept-Language header. */
export function chooseLocale(cookie: string | undefined, acceptLanguage: string | null): Locale {
  if (LOCALES.includes(cookie as Locale)) return cookie as Locale;
  for (const part of (acceptLanguage ?? '').split(',')) {
    const tag = part.split(';')[0]?.trim().toLowerCase() ?? '';
    if (tag.startsWith('zh')) return 'zh-CN';
    if (tag.startsWith('en')) return 'en';
  }
  return 'en';
}
