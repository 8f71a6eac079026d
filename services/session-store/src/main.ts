import { runService } from '@patchcord/runtime';
import { settingsSchema } from './config.ts';
import { rebuildCommand } from './rebuild.ts';
import { createSessionStore, serviceName } from './service.ts';

const [command, ...args] = process.argv.slice(2);
if (command === 'rebuild') await rebuildCommand(args);
else await runService({ name: serviceName, settingsSchema, redis: true, create: createSessionStore });
