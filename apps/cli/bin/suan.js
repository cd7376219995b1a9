#!/usr/bin/env node
// npm links a bin only when its file exists at install time, so this small file stands here before the build.
try {
  await import('../dist/main.js');
} catch (error) {
  if (error?.code !== 'ERR_MODULE_NOT_FOUND' || !String(error.message).includes('dist/main.js')) throw error;
  process.stderr.write('suan is not built yet: run "npm run build" in the repository first.\n');
  process.exitCode = 2;
}
