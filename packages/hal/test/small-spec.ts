/** A fleet small enough to run out: one zone, two nodes of four accelerators. */
export const smallSpec = {
  seed: 11,
  acceleratorsPerNode: 4,
  regions: [
    {
      id: 'r',
      name: { en: 'R', zh: '区' },
      zones: [{ id: 'r-a', pools: [{ model: 'nvidia-h100-80g', nodes: 2 }] }],
    },
  ],
};
