import { baseSettings, httpPort, integerText, secretText } from '@patchcord/runtime';
import { z } from 'zod';

export const settingsSchema = z.object({
  ...baseSettings,
  HTTP_PORT: httpPort(8080),
  CONSOLE_SESSION_KEY: secretText().optional().meta({
    description: 'the key that browser sessions are sealed with, the same for all replicas; default: a new one',
  }),
  CONSOLE_SESSION_MINUTES: integerText(1, 1440)
    .default(60)
    .meta({ description: 'how long a browser stays signed in without showing its token again', example: '60' }),
});
export type Settings = z.output<typeof settingsSchema>;
