/** Where a node of a workload runs, and how its machine is reached. */
export interface NodePlace {
  allocationId: string;
  zoneId: string;
  driver: string;
  agent: { id: string; url: string; publicKey: string } | null;
}
