import { cookies, headers } from 'next/headers';
import { chooseLocale, LOCALE_COOKIE } from '@/i18n/locale';

/** The language of the page, for the API's own sentences: the console's choice, which the browser's header may not be. */
export async function requestLanguage(): Promise<string> {
  const [jar, head] = await Promise.all([cookies(), headers()]);
  return chooseLocale(jar.get(LOCALE_COOKIE)?.value, head.get('accept-language'));
}
