'use client';
import { LOCALES, type Locale } from '@suanxiang/domain/locale';
import { useRouter } from 'next/navigation';
import { useLocale, useTranslations } from 'next-intl';
import { useState, useTransition } from 'react';
import { LOCALE_COOKIE } from '@/i18n/locale';
import { parseTheme, THEME_COOKIE, THEMES, type Theme, writePreference } from '@/lib/preferences';
import { iconButtonClass } from '@/ui/button-class';
import { Languages, Monitor, Moon, Sun } from '@/ui/icons';
import { Menu } from '@/ui/menu';
import { Spinner } from '@/ui/spinner';

const LANGUAGE_NAMES: Record<Locale, string> = { en: 'English', 'zh-CN': '简体中文' };
const THEME_ICONS = { system: <Monitor />, light: <Sun />, dark: <Moon /> } as const;

/** Switches the language of the console; the address stays the same. */
export function useLocaleSwitch() {
  const router = useRouter();
  const [switching, startSwitch] = useTransition();
  const change = (locale: Locale) => {
    writePreference(LOCALE_COOKIE, locale);
    startSwitch(() => router.refresh());
  };
  return { switching, change };
}

export function applyTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  writePreference(THEME_COOKIE, theme);
}

export function LanguageMenu() {
  const t = useTranslations('preferences');
  const locale = useLocale() as Locale;
  const { switching, change } = useLocaleSwitch();
  return (
    <Menu
      label={t('language')}
      buttonClassName={iconButtonClass()}
      entries={[
        {
          kind: 'choice',
          key: 'language',
          label: t('language'),
          value: locale,
          options: LOCALES.map((value) => ({ value, label: <span lang={value}>{LANGUAGE_NAMES[value]}</span> })),
          onChange: (value) => change(value as Locale),
        },
      ]}
    >
      {switching ? <Spinner /> : <Languages className="size-4" />}
    </Menu>
  );
}

export function ThemeMenu({ initial }: { initial: Theme }) {
  const t = useTranslations('preferences');
  const [theme, setTheme] = useState(initial);
  const choose = (value: string) => {
    const parsed = parseTheme(value);
    setTheme(parsed);
    applyTheme(parsed);
  };
  return (
    <Menu
      label={t('theme')}
      buttonClassName={iconButtonClass()}
      entries={[
        {
          kind: 'choice',
          key: 'theme',
          label: t('theme'),
          value: theme,
          options: THEMES.map((value) => ({ value, label: t(`themes.${value}`), icon: THEME_ICONS[value] })),
          onChange: choose,
        },
      ]}
    >
      <span className="[&>svg]:size-4">{THEME_ICONS[theme]}</span>
    </Menu>
  );
}
