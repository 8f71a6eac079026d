import { Failure } from '@patchcord/contracts';
import type { Bus } from './connect.ts';

/**
 * Asks, and asks again when the connection was lost and came back meanwhile: neither the request nor its answer
 * survives that. Only for requests that may be made twice.
 */
export function overReconnect<T>(bus: Bus, deadlineMs: number, ask: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (how: () => void): void => {
      clearTimeout(timer);
      forget();
      how();
    };
    const attempt = (): void => {
      ask().then(
        (answer) => settle(() => resolve(answer)),
        (error: unknown) => {
          if (bus.connected()) settle(() => reject(error));
        },
      );
    };
    const timer = setTimeout(() => settle(() => reject(noAnswer(deadlineMs))), deadlineMs);
    const forget = bus.onReconnect(attempt);
    if (bus.connected()) attempt();
  });
}

const noAnswer = (deadlineMs: number): Failure =>
  new Failure('own-trouble', 'nats_unavailable', `NATS did not answer within ${deadlineMs} ms`);
