import { InvalidInput } from '@patchcord/bus';
import type { FastifyRequest } from 'fastify';

/** The fields of a request, whatever form its body had. Of a field that comes twice the last counts. */
export type Fields = ReadonlyMap<string, unknown>;

const none: Fields = new Map();

export const fieldsOf = ({ body }: Pick<FastifyRequest, 'body'>): Fields =>
  body instanceof Map ? (body as Fields) : none;

/** A value as text, without the blanks around it. What is empty or `null` is absent; ids come as numbers too. */
export function textOf(fields: Fields, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = fields.get(name);
    const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
    if (typeof text === 'string' && text.trim() !== '') return text.trim();
  }
  return undefined;
}

/** @throws InvalidInput when the field is absent or empty */
export function requiredText(fields: Fields, ...names: readonly [string, ...string[]]): string {
  return textOf(fields, ...names) ?? refuse(names[0], 'expected a value: the field is required');
}

/** Refuses a request because of one of its fields. @throws InvalidInput */
export function refuse(path: string, message: string): never {
  throw new InvalidInput('invalid_request', `${path}: ${message}`, [{ path, message }]);
}

/** Ids were numbers: those that are written as one are numbers again, so that scripts find them equal. */
export const idOut = (id: string): string | number => (/^(0|[1-9]\d{0,14})$/.test(id) ? Number(id) : id);
