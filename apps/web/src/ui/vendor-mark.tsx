import { cx } from '@/lib/cx';

/** By the catalogue's vendor class. */
const SHORT: Record<string, string> = {
  nvidia: 'NV',
  amd: 'AM',
  ascend: '昇',
  cambricon: '寒',
  hygon: '海',
  mthreads: '摩',
  metax: '沐',
  kunlunxin: '昆',
  iluvatar: '天',
};

/** Two letters or one character in a chip outline: a vendor at a glance, without anybody's logo. */
export function VendorMark({ vendor, className }: { vendor: string; className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={cx(
        'inline-flex size-7 shrink-0 items-center justify-center rounded-md border border-line bg-sunken font-semibold text-2xs text-muted',
        className,
      )}
    >
      {SHORT[vendor.toLowerCase()] ?? vendor.slice(0, 2).toUpperCase()}
    </span>
  );
}
