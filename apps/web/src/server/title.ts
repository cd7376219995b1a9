import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import type { Messages } from '@/i18n/types';
import type { PageProps } from './console-page';

/** Document title of a page from a message, for `generateMetadata`. */
export function pageTitle(key: TitleKey) {
  return async (): Promise<Metadata> => ({ title: (await getTranslations('titles'))(key) });
}

export type TitleKey = keyof Messages['titles'];

/** Title of a page about one thing: its name first, then the page. A thing that cannot be read leaves the page's title. */
export function namedTitle(key: TitleKey, readName: (params: Record<string, string>) => Promise<string>) {
  return async (props: PageProps): Promise<Metadata> => {
    const t = await getTranslations('titles');
    try {
      return { title: `${await readName(await props.params)} · ${t(key)}` };
    } catch {
      return { title: t(key) };
    }
  };
}
