import { runService } from '@patchcord/runtime';
import { settingsSchema } from './config.ts';
import { createDisposition, serviceName } from './service.ts';

await runService({ name: serviceName, settingsSchema, redis: true, create: createDisposition });
