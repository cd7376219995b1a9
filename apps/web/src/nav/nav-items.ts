import type { Permission } from '@suanxiang/domain/permissions';
import {
  Activity,
  Boxes,
  ChartColumn,
  Cpu,
  Folder,
  Gauge,
  Hourglass,
  type Icon,
  KeyRound,
  Layers,
  LayoutDashboard,
  ReceiptText,
  ScrollText,
  Settings,
  ShieldCheck,
  SquareTerminal,
  UsersRound,
  Wallet,
  Webhook,
} from '@/ui/icons';
import { paths } from './paths';

export type NavKey =
  | 'overview'
  | 'instances'
  | 'clusters'
  | 'sshKeys'
  | 'apiKeys'
  | 'webhooks'
  | 'events'
  | 'usage'
  | 'costs'
  | 'billing'
  | 'budgets'
  | 'invoices'
  | 'projects'
  | 'queue'
  | 'quotas'
  | 'members'
  | 'auditLog'
  | 'settings';

export interface NavItem {
  key: NavKey;
  icon: Icon;
  href: (org: string, project: string) => string;
  /** Keys pressed one after the other. */
  shortcut: string;
  /** Shown only to who holds this. */
  permission: Permission;
  /** Only this very address is "here", not those below it. */
  exact?: boolean;
}

/** The side bar, the palette's "go to" and the keyboard help are all made from these lists. */
export const PROJECT_NAV: readonly NavItem[] = [
  {
    key: 'overview',
    icon: LayoutDashboard,
    href: paths.overview,
    shortcut: 'g o',
    permission: 'project.read',
    exact: true,
  },
  { key: 'instances', icon: Cpu, href: paths.instances, shortcut: 'g i', permission: 'instance.read' },
  { key: 'clusters', icon: Boxes, href: paths.clusters, shortcut: 'g c', permission: 'cluster.read' },
];

export type NavGroupKey = 'access' | 'money' | 'organization';

export const ORGANIZATION_GROUPS: readonly { key: NavGroupKey; items: readonly NavItem[] }[] = [
  {
    key: 'access',
    items: [
      { key: 'sshKeys', icon: SquareTerminal, href: paths.sshKeys, shortcut: 'g k', permission: 'ssh_key.read' },
      { key: 'apiKeys', icon: KeyRound, href: paths.apiKeys, shortcut: 'g a', permission: 'api_key.read' },
      { key: 'webhooks', icon: Webhook, href: paths.webhooks, shortcut: 'g h', permission: 'webhook.read' },
      { key: 'events', icon: Activity, href: paths.events, shortcut: 'g e', permission: 'event.read' },
    ],
  },
  {
    key: 'money',
    items: [
      { key: 'usage', icon: ChartColumn, href: paths.usage, shortcut: 'g u', permission: 'usage.read' },
      { key: 'costs', icon: Layers, href: paths.costs, shortcut: 'g x', permission: 'usage.read' },
      { key: 'billing', icon: Wallet, href: paths.billing, shortcut: 'g b', permission: 'billing.read' },
      { key: 'budgets', icon: ShieldCheck, href: paths.budgets, shortcut: 'g t', permission: 'billing.read' },
      { key: 'invoices', icon: ReceiptText, href: paths.invoices, shortcut: 'g v', permission: 'billing.read' },
    ],
  },
  {
    key: 'organization',
    items: [
      { key: 'projects', icon: Folder, href: paths.projects, shortcut: 'g p', permission: 'project.read' },
      { key: 'queue', icon: Hourglass, href: paths.queue, shortcut: 'g w', permission: 'instance.read' },
      { key: 'quotas', icon: Gauge, href: paths.quotas, shortcut: 'g q', permission: 'quota.read' },
      { key: 'members', icon: UsersRound, href: paths.members, shortcut: 'g m', permission: 'member.read' },
      { key: 'auditLog', icon: ScrollText, href: paths.auditLog, shortcut: 'g l', permission: 'audit.read' },
      { key: 'settings', icon: Settings, href: paths.settings, shortcut: 'g s', permission: 'organization.read' },
    ],
  },
];

export const ORGANIZATION_NAV: readonly NavItem[] = ORGANIZATION_GROUPS.flatMap(({ items }) => items);
