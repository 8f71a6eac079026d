import { runService } from '@patchcord/runtime';
import { settingsSchema } from './config.ts';
import { createRoutingDecider, serviceName } from './service.ts';

await runService({ name: serviceName, settingsSchema, create: createRoutingDecider });
