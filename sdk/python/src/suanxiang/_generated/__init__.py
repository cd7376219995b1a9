# Generated from packages/contract by `npm run docs:generate`. Do not edit.
