import { z } from 'zod';
import { choiceText, integerText, portText, secretText, urlText } from './fields.ts';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Settings of a service that needs no Redis. Spread them into the service's own schema. */
export const natsSettings = {
  NATS_URL: urlText('nats', 'tls', 'ws', 'wss')
    .default('nats://127.0.0.1:4222')
    .meta({ description: 'the address of NATS; several separated by commas', example: 'nats://127.0.0.1:4222' }),
  NATS_USER: z.string().optional().meta({ description: 'the user for NATS', example: 'console' }),
  NATS_PASSWORD: secretText().optional().meta({ description: 'the password for NATS' }),
  NATS_TLS_CA: z.string().optional().meta({
    description: 'the path of the certificate authority (PEM) that NATS is checked by',
    example: '/etc/ssl/nats-ca.pem',
  }),
  NATS_REPLICAS: integerText(1, 5)
    .default(1)
    .meta({ description: 'how many servers of a cluster hold each stream', example: '3' }),
  HTTP_HOST: z
    .string()
    .default('127.0.0.1')
    .meta({ description: 'the address that the HTTP server listens on', example: '0.0.0.0' }),
  HTTP_PORT: portText()
    .default(8080)
    .meta({ description: 'the port that the HTTP server listens on; 0 takes a free one', example: '8080' }),
  LOG_LEVEL: choiceText(logLevels)
    .default('info')
    .meta({ description: 'the lowest level that is logged', example: 'info' }),
} as const;

/** Settings of a service that uses Redis too. */
export const baseSettings = {
  ...natsSettings,
  REDIS_URL: urlText('redis', 'rediss')
    .default('redis://127.0.0.1:6379')
    .meta({ description: 'the address of Redis', example: 'redis://127.0.0.1:6379' }),
} as const;

const natsSchema = z.object(natsSettings);
export type NatsSettings = z.output<typeof natsSchema>;
const baseSchema = z.object(baseSettings);
export type BaseSettings = z.output<typeof baseSchema>;

/** A service's own default port. */
export const httpPort = (port: number): typeof baseSettings.HTTP_PORT =>
  portText()
    .default(port)
    .meta({ description: 'the port that the HTTP server listens on; 0 takes a free one', example: String(port) });
