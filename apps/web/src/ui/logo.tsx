import { cx } from '@/lib/cx';

/**
 * The mark: a cinnabar seal with the rods and beads of an abacus (算), which is how this trade once counted. Beads stand
 * at 6, 0 and 7, a hint at the 60 seconds of a usage block.
 */
export function LogoMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" className={cx('size-6 shrink-0', className)} aria-hidden="true">
      <rect width="24" height="24" rx="5.5" fill="var(--brand)" />
      <g stroke="#fff" strokeLinecap="round">
        <path d="M4.5 9.5h15" strokeWidth="1.6" />
        <path d="M7.5 4.5v15M12 4.5v15M16.5 4.5v15" strokeWidth="0.9" opacity="0.55" />
      </g>
      <g fill="#fff">
        <rect x="5.6" y="7" width="3.8" height="1.9" rx="0.95" />
        <rect x="10.1" y="4.6" width="3.8" height="1.9" rx="0.95" />
        <rect x="14.6" y="7" width="3.8" height="1.9" rx="0.95" />
        <rect x="5.6" y="11" width="3.8" height="1.9" rx="0.95" />
        <rect x="5.6" y="17" width="3.8" height="1.9" rx="0.95" />
        <rect x="10.1" y="14.4" width="3.8" height="1.9" rx="0.95" />
        <rect x="10.1" y="17" width="3.8" height="1.9" rx="0.95" />
        <rect x="14.6" y="11" width="3.8" height="1.9" rx="0.95" />
        <rect x="14.6" y="13.4" width="3.8" height="1.9" rx="0.95" />
      </g>
    </svg>
  );
}

/** The mark with the name. */
export function Logo({ name }: { name: string }) {
  return (
    <span className="inline-flex items-center gap-2 font-semibold text-base">
      <LogoMark />
      {name}
    </span>
  );
}
