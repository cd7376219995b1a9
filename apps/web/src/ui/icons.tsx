import type { ComponentProps, ReactNode } from 'react';
import sprite from './icons.svg';

/** An icon of the sprite. It takes the colour of the text around it. */
export type Icon = (props: ComponentProps<'svg'>) => ReactNode;

/**
 * The icons are Lucide's, kept in one file that the browser caches: a page's JavaScript carries their names and not their
 * shapes. To add one, name it here and run `npx tsx tools/web-icons.ts`.
 */
function icon(name: string): Icon {
  const href = `${sprite.src}#${name}`;
  return (props) => (
    <svg
      viewBox="0 0 24 24"
      width="24"
      height="24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      {...props}
    >
      <use href={href} />
    </svg>
  );
}

export const Activity = icon('activity');
export const ArrowRight = icon('arrow-right');
export const Boxes = icon('boxes');
export const Building2 = icon('building-2');
export const CalendarCheck = icon('calendar-check');
export const ChartColumn = icon('chart-column');
export const Check = icon('check');
export const ChevronRight = icon('chevron-right');
export const ChevronsLeft = icon('chevrons-left');
export const ChevronsUpDown = icon('chevrons-up-down');
export const Circle = icon('circle');
export const CircleAlert = icon('circle-alert');
export const CircleCheck = icon('circle-check');
export const CircleDot = icon('circle-dot');
export const CirclePause = icon('circle-pause');
export const CirclePlay = icon('circle-play');
export const CircleSlash2 = icon('circle-slash-2');
export const CircleUserRound = icon('circle-user-round');
export const CircleX = icon('circle-x');
export const Clock = icon('clock');
export const CloudOff = icon('cloud-off');
export const Compass = icon('compass');
export const Copy = icon('copy');
export const Cpu = icon('cpu');
export const Download = icon('download');
export const EllipsisVertical = icon('ellipsis-vertical');
export const FastForward = icon('fast-forward');
export const FlaskConical = icon('flask-conical');
export const Folder = icon('folder');
export const FolderPlus = icon('folder-plus');
export const Gauge = icon('gauge');
export const Hourglass = icon('hourglass');
export const Info = icon('info');
export const KeyRound = icon('key-round');
export const Keyboard = icon('keyboard');
export const Landmark = icon('landmark');
export const Languages = icon('languages');
export const Layers = icon('layers');
export const LayoutDashboard = icon('layout-dashboard');
export const Lock = icon('lock');
export const LockOpen = icon('lock-open');
export const LogOut = icon('log-out');
export const Mail = icon('mail');
export const Menu = icon('menu');
export const Monitor = icon('monitor');
export const Moon = icon('moon');
export const PencilLine = icon('pencil-line');
export const Play = icon('play');
export const Plus = icon('plus');
export const ReceiptText = icon('receipt-text');
export const RotateCw = icon('rotate-cw');
export const ScrollText = icon('scroll-text');
export const Search = icon('search');
export const SearchX = icon('search-x');
export const Send = icon('send');
export const Server = icon('server');
export const Settings = icon('settings');
export const ShieldCheck = icon('shield-check');
export const Sparkles = icon('sparkles');
export const Square = icon('square');
export const SquareTerminal = icon('square-terminal');
export const Sun = icon('sun');
export const Tag = icon('tag');
export const Terminal = icon('terminal');
export const Trash2 = icon('trash-2');
export const TriangleAlert = icon('triangle-alert');
export const UsersRound = icon('users-round');
export const Wallet = icon('wallet');
export const Webhook = icon('webhook');
export const X = icon('x');
export const Zap = icon('zap');
