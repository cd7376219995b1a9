import { defineConfig } from '@playwright/test';
import journeys from './playwright.config';

/** Slow walks for the eye and for every state of a page; apart from the journeys, whose time is short. */
export default defineConfig(journeys, { testDir: './crawl', outputDir: '../test-results/crawl', retries: 0 });
