import { runService } from '@patchcord/runtime';
import { settingsSchema } from './config.ts';
import { createConsole, serviceName } from './service.ts';

await runService({ name: serviceName, settingsSchema, redis: true, create: createConsole });
