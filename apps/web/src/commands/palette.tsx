'use client';
import { Command as Cmdk } from 'cmdk';
import { useTranslations } from 'next-intl';
import { Search } from '@/ui/icons';
import { Kbd } from '@/ui/kbd';
import { useCommandList } from './provider';
import type { Command } from './store';

const GROUPS: readonly Command['group'][] = ['actions', 'navigation', 'preferences'];

/** Everything that can be done from here, found by typing. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const t = useTranslations('commands');
  const commands = useCommandList();
  const run = (command: Command) => {
    onClose();
    command.run();
  };
  return (
    <Cmdk.Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      label={t('title')}
      loop
      overlayClassName="fixed inset-0 z-overlay bg-scrim"
      contentClassName="fixed inset-x-3 top-[12dvh] z-overlay mx-auto max-w-xl overflow-hidden rounded-xl border border-line bg-raised shadow-raised outline-none"
    >
      <div className="flex items-center gap-2.5 border-line border-b px-4">
        <Search className="size-4 shrink-0 text-subtle" />
        <Cmdk.Input
          placeholder={t('placeholder')}
          className="h-12 w-full bg-transparent text-base outline-none placeholder:text-subtle"
        />
        <Kbd>Esc</Kbd>
      </div>
      <Cmdk.List className="max-h-[52dvh] overflow-y-auto p-1.5">
        <Cmdk.Empty className="px-3 py-10 text-center text-muted text-sm">{t('nothing')}</Cmdk.Empty>
        {GROUPS.map((group) => (
          <Cmdk.Group
            key={group}
            heading={t(`groups.${group}`)}
            className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2.5 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-subtle [&_[cmdk-group-heading]]:text-xs"
          >
            {commands
              .filter((command) => command.group === group)
              .map((command) => (
                <Cmdk.Item
                  key={command.id}
                  value={command.id}
                  keywords={[command.label, command.keywords ?? '']}
                  onSelect={() => run(command)}
                  className="flex h-9 cursor-default items-center gap-3 rounded-md px-2.5 text-sm data-[selected=true]:bg-hover"
                >
                  <span className="flex size-4 items-center text-muted">
                    {command.icon && <command.icon className="size-4" />}
                  </span>
                  <span className="flex-1 truncate">{command.label}</span>
                  <span className="flex gap-1">
                    {command.keys?.split(' ').map((key) => (
                      <Kbd key={key}>{key.toUpperCase()}</Kbd>
                    ))}
                  </span>
                </Cmdk.Item>
              ))}
          </Cmdk.Group>
        ))}
      </Cmdk.List>
    </Cmdk.Dialog>
  );
}
