'use client';
import { useTranslations } from 'next-intl';
import { postOwn } from '@/api/browser-client';
import { useCommandCentre } from '@/commands/provider';
import { paths } from '@/nav/paths';
import { iconButtonClass } from '@/ui/button-class';
import { CircleUserRound, Keyboard, LogOut, ShieldCheck } from '@/ui/icons';
import { Menu } from '@/ui/menu';
import { useConsole } from './console-context';

/** Ends the session and leaves; a full load, so that nothing of the session stays in memory. */
export async function signOut(): Promise<void> {
  await postOwn('/api/auth/sign-out').catch(() => undefined);
  window.location.assign(paths.signIn);
}

export function UserMenu() {
  const t = useTranslations('user');
  const commands = useTranslations('commands');
  const { me, membership } = useConsole();
  const { openHelp } = useCommandCentre();
  return (
    <Menu
      label={t('menu')}
      buttonClassName={iconButtonClass()}
      className="w-60"
      entries={[
        {
          kind: 'text',
          key: 'who',
          label: (
            <>
              <p className="truncate font-medium text-sm">{me.name}</p>
              <p className="truncate text-muted text-xs">{me.email}</p>
              {membership.role && <p className="mt-1 text-subtle text-xs">{t(`roles.${membership.role}`)}</p>}
            </>
          ),
        },
        { kind: 'separator', key: 'line' },
        {
          kind: 'item',
          key: 'security',
          icon: <ShieldCheck />,
          label: t('security'),
          onSelect: () => window.location.assign(paths.accountSecurity),
        },
        { kind: 'item', key: 'help', icon: <Keyboard />, label: commands('help'), onSelect: openHelp },
        { kind: 'item', key: 'out', icon: <LogOut />, label: t('signOut'), onSelect: () => void signOut() },
      ]}
    >
      <CircleUserRound className="size-4.5" />
    </Menu>
  );
}
