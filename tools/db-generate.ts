import { generatePrismaClient } from './lib/prisma-client';

await generatePrismaClient();
