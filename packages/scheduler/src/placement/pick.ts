/** Devices chosen on one entry. */
export interface Pick {
  mask: number;
  /** Degraded devices among them: last choice for new work. */
  usesDegraded: boolean;
  /** They lie in one island. */
  oneIsland: boolean;
  /** Devices left open in the smallest island touched. */
  leftInIsland: number;
  /** Whole devices left open on the entry. */
  leftOnNode: number;
  /** For a slice: the share taken and the share of the device that is left, in thousandths. */
  slice?: { milli: number; left: number };
}
