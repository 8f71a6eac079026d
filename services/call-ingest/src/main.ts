import { runService } from '@patchcord/runtime';
import { settingsSchema } from './config.ts';
import { createCallIngest, serviceName } from './service.ts';

await runService({ name: serviceName, settingsSchema, create: createCallIngest });
