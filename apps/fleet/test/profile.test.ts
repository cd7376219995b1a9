import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseProfile, PROFILES, usageSeed, utilizationPpm } from '../src/usage/profile';
import { spec } from './small-fleet';

const second = fc.integer({ min: 1_700_000_000, max: 2_000_000_000 });

describe('utilization', () => {
  test('is a pure function with values a block can hold', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PROFILES), fc.nat(), second, fc.nat(1_000_000), (profile, seed, at, age) => {
        const ppm = utilizationPpm({ seed, profile }, at, age);
        expect(ppm % 100).toBe(0);
        expect(ppm).toBeGreaterThanOrEqual(0);
        expect(ppm).toBeLessThanOrEqual(1_000_000);
        expect(utilizationPpm({ seed, profile }, at, age)).toBe(ppm);
      }),
    );
  });

  const hour = (profile: (typeof PROFILES)[number], from = 1_795_478_400) =>
    Array.from({ length: 3_600 }, (_, i) => utilizationPpm({ seed: 5, profile }, from + i, 60 + i));
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

  test('training is busy, with dips of many seconds at checkpoints', () => {
    const values = hour('training');
    expect(mean(values)).toBeGreaterThan(800_000);
    const low = values.map((value) => value < 100_000);
    const longest = Math.max(
      ...low
        .join()
        .split('false')
        .map((run) => run.split('true').length - 1),
    );
    expect(longest).toBeGreaterThanOrEqual(12);
  });

  test('inference follows the hours of the day', () => {
    const day = Array.from({ length: 24 }, (_, h) => mean(hour('inference', 1_795_478_400 + h * 3_600)));
    expect(Math.max(...day) - Math.min(...day)).toBeGreaterThan(400_000);
  });

  test('an idle one is idle', () => {
    expect(mean(hour('idle'))).toBeLessThan(1_000);
  });
});

describe('profile of an allocation', () => {
  test('is what the environment asks for, else what the image suggests, else by chance and always the same', () => {
    expect(chooseProfile(1, spec('a', { environment: { SIM_PROFILE: 'idle' } }))).toBe('idle');
    expect(chooseProfile(1, spec('a', { image: 'vllm/vllm-openai:v0.11' }))).toBe('inference');
    expect(chooseProfile(1, spec('a', { image: 'quay.io/jupyter/base' }))).toBe('notebook');
    const many = Array.from({ length: 400 }, (_, i) => chooseProfile(1, spec(`alloc-${i}`)));
    expect(new Set(many)).toEqual(new Set(PROFILES));
    expect(Array.from({ length: 400 }, (_, i) => chooseProfile(1, spec(`alloc-${i}`)))).toEqual(many);
    expect(usageSeed(1, 'alloc-1')).not.toBe(usageSeed(2, 'alloc-1'));
  });
});
