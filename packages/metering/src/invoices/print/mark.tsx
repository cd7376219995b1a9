import { G, Path, Rect, Svg } from '@react-pdf/renderer';
import { BRAND, styles } from './styles';

/** Beads of the abacus: x, y of each. */
const BEADS = [
  [5.6, 7],
  [10.1, 4.6],
  [14.6, 7],
  [5.6, 11],
  [5.6, 17],
  [10.1, 14.4],
  [10.1, 17],
  [14.6, 11],
  [14.6, 13.4],
] as const;

/** The product's mark: an abacus that shows no number yet. */
export function Mark() {
  return (
    <Svg viewBox="0 0 24 24" style={styles.mark}>
      <Rect x={0} y={0} width={24} height={24} rx={5.5} ry={5.5} fill={BRAND} />
      <G stroke="#fff" strokeLinecap="round">
        <Path d="M4.5 9.5h15" strokeWidth={1.6} />
        <Path d="M7.5 4.5v15M12 4.5v15M16.5 4.5v15" strokeWidth={0.9} opacity={0.55} />
      </G>
      {BEADS.map(([x, y]) => (
        <Rect key={`${x} ${y}`} x={x} y={y} width={3.8} height={1.9} rx={0.95} ry={0.95} fill="#fff" />
      ))}
    </Svg>
  );
}
