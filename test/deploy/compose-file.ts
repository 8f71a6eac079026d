import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

export const root = resolve(import.meta.dirname, '../..');

const text = (path: string): string => readFileSync(join(root, path), 'utf8');

const environment = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).default({});

/** The part of a service that the tests look at. */
const composeService = z.looseObject({
  image: z.string(),
  user: z.string().optional(),
  profiles: z.array(z.string()).default([]),
  command: z.union([z.string(), z.array(z.string())]).optional(),
  entrypoint: z.array(z.string()).optional(),
  environment,
  ports: z.array(z.string()).default([]),
  healthcheck: z.looseObject({ test: z.array(z.string()) }).optional(),
  restart: z.string().optional(),
  stop_grace_period: z.string().optional(),
  read_only: z.boolean().default(false),
  cap_drop: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
  depends_on: z.union([z.array(z.string()), z.record(z.string(), z.unknown()).transform(Object.keys)]).default([]),
  volumes: z.array(z.string()).default([]),
});
export type ComposeService = z.output<typeof composeService>;

const composeFile = z.looseObject({
  services: z.record(z.string(), composeService),
  volumes: z.record(z.string(), z.unknown()).default({}),
});
export type ComposeFile = z.output<typeof composeFile>;

const rootFile = z.looseObject({
  include: z.tuple([z.object({ path: z.array(z.string()), project_directory: z.string(), env_file: z.string() })]),
});

/** The pins, from the only file that holds them. */
export function imagePins(): Record<string, string> {
  const pin = /^([A-Z_]+)=(\S+)$/gm;
  return Object.fromEntries(
    [...text('deploy/images.env').matchAll(pin)].map(([, name = '', image = '']) => [name, image]),
  );
}

export const readRootFile = (): z.output<typeof rootFile> => rootFile.parse(parse(text('docker-compose.yml')));

/** All files together as Compose sees them, with `variables` beside the pins. */
export function loadCompose(variables: Readonly<Record<string, string>> = {}): ComposeFile {
  const given = { ...imagePins(), ...variables };
  const files = readRootFile().include[0].path.map((path) =>
    composeFile.parse(interpolated(parse(text(path), { merge: true }), given)),
  );
  return {
    services: Object.assign({}, ...files.map((file) => file.services)),
    volumes: Object.assign({}, ...files.map((file) => file.volumes)),
  };
}

/** Every text of a document interpolated; after it was parsed, as Compose does it, so that a value stays one value. */
function interpolated(node: unknown, given: Readonly<Record<string, string>>): unknown {
  if (typeof node === 'string') return interpolate(node, given);
  if (Array.isArray(node)) return node.map((item) => interpolated(item, given));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, interpolated(value, given)]));
}

const innermost = /\$\{([A-Z_]+)(?:(:-|:\+)([^${}]*))?\}/g;

/** `${A}`, `${A:-default}`, `${A:+when set}`, also nested, as https://docs.docker.com/reference/compose-file/interpolation/ says. */
function interpolate(source: string, given: Readonly<Record<string, string>>): string {
  const replaced = source.replace(innermost, (_all, name: string, operator = '', word = '') => {
    const value = given[name] ?? '';
    if (operator === ':+') return value === '' ? '' : word;
    return value === '' ? word : value;
  });
  return replaced === source ? source : interpolate(replaced, given);
}
