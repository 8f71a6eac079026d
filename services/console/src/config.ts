import { frameOrigin } from '@patchcord/contracts';
import { baseSettings, choiceText, httpPort, integerText, listText, secretText, urlText } from '@patchcord/runtime';
import { cidrv4, cidrv6, ipv4, ipv6, z } from 'zod';
import { statusChoices } from './omnileads/errors.ts';

const proxy = z.union([ipv4(), ipv6(), cidrv4(), cidrv6()], {
  error: 'expected addresses or ranges separated by commas, e.g. 10.0.0.0/8',
});

const isTraceUrl = (text: string): boolean =>
  text.includes('{traceId}') && /^https?:$/.test(URL.parse(text.replaceAll('{traceId}', '0'))?.protocol ?? '');

export const settingsSchema = z.object({
  ...baseSettings,
  HTTP_PORT: httpPort(8080),
  CONSOLE_SESSION_KEY: secretText().optional().meta({
    description:
      'the key that browser sessions and log-ins are sealed with, the same for all replicas; default: a new one',
  }),
  CONSOLE_SESSION_MINUTES: integerText(1, 1440)
    .default(60)
    .meta({ description: 'how long a browser stays signed in while nobody uses its page', example: '60' }),
  CONSOLE_SESSION_MAX_MINUTES: integerText(1, 10_080)
    .default(720)
    .meta({ description: 'how long a browser stays signed in at most, however much it is used', example: '720' }),
  CONSOLE_LOGIN_MINUTES: integerText(1, 10_080)
    .default(480)
    .meta({ description: 'how long the access token of a log-in is valid', example: '480' }),
  CONSOLE_PUBLIC_URL: urlText('http', 'https').optional().meta({
    description: 'where browsers reach the console; the consent of OAuth 2 comes back there',
    example: 'https://patchcord.example.com',
  }),
  CONSOLE_TRACE_URL: z
    .string()
    .refine(isTraceUrl, 'expected an http or https address with {traceId} in it')
    .optional()
    .meta({
      description: 'where people look at a trace, for the links on time lines and deliveries',
      example: 'https://tempo.example.com/trace/{traceId}',
    }),
  CONSOLE_TRUSTED_PROXIES: listText().pipe(z.array(proxy)).optional().meta({
    description: 'addresses of the proxies before the console, whose X-Forwarded-For is believed',
    example: '10.0.0.0/8',
  }),
  CONSOLE_FRAME_ORIGINS: listText().pipe(z.array(frameOrigin)).default([]).meta({
    description: 'pages that may hold the agent desk of every tenant in a frame, besides those that a tenant names',
    example: 'https://crm.example.com',
  }),
  CONSOLE_DEMO_URL: urlText('http', 'https').optional().meta({
    description: 'the telephone of the demo, which the agent desk then shows how to use; never set in earnest',
    example: 'http://127.0.0.1:8091',
  }),
  CONSOLE_OMNILEADS_STATUS: choiceText(statusChoices).default('always-200').meta({
    description:
      'the HTTP status with which the OMniLeads paths refuse data: 200, or what each had in OMniLeads itself',
    example: 'as-original',
  }),
});
export type Settings = z.output<typeof settingsSchema>;
