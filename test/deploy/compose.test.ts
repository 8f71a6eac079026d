import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type SettingsSchema, settings } from '@patchcord/runtime';
import { describe, expect, it } from 'vitest';
import { type ComposeService, imagePins, loadCompose, readRootFile, root } from './compose-file.ts';

const houseServices = readdirSync(join(root, 'services'));
const compose = loadCompose();
const all = Object.entries(compose.services);
const servicesOf = (...names: string[]): [string, ComposeService][] => all.filter(([name]) => names.includes(name));
const namesWhere = (fault: (service: ComposeService) => boolean): string[] =>
  all.filter(([, service]) => fault(service)).map(([name]) => name);

describe('compose file', () => {
  it('runs every service of the house, by the entry of its name', () => {
    const commands = servicesOf(...houseServices).map(([name, { command }]) => [name, command]);
    expect(Object.fromEntries(commands)).toEqual(
      Object.fromEntries(houseServices.map((name) => [name, [`dist/${name}.mjs`]])),
    );
  });

  it('takes every foreign image from the pin file, each with a version', () => {
    const pins = Object.values(imagePins());
    expect(namesWhere(({ image }) => !image.startsWith('patchcord:') && !pins.includes(image))).toEqual([]);
    expect(pins.filter((image) => !/:v?\d+\.\d+/.test(image))).toEqual([]);
    const sources = readRootFile().include[0].path.map((path) => readFileSync(join(root, path), 'utf8'));
    expect(sources.flatMap((source) => source.match(/^\s*image: (?!\$\{\w+_IMAGE\}$|patchcord:).*$/gm) ?? [])).toEqual(
      [],
    );
  });

  it('uses the Node that the workspace pins', () => {
    const workspace = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8');
    const version = /^nodeVersion: (\S+)$/m.exec(workspace)?.[1];
    expect(imagePins().NODE_IMAGE).toBe(`node:${version}-slim`);
  });

  it('publishes ports on the loopback address only, each once', () => {
    const ports = all.flatMap(([, service]) => service.ports);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    expect(new Set(ports.map((port) => port.split(':')[1])).size).toBe(ports.length);
  });

  it('runs nothing as root but the job that hands the volumes over', () => {
    expect(namesWhere(({ user }) => user === undefined || /^(0|root)(:|$)/.test(user))).toEqual(['volume-owner']);
  });

  it('leaves no container what it does not need', () => {
    expect(namesWhere((service) => !service.read_only)).toEqual([]);
    expect(namesWhere((service) => !service.cap_drop.includes('ALL'))).toEqual([]);
    expect(namesWhere((service) => !service.security_opt.includes('no-new-privileges:true'))).toEqual([]);
  });

  it('restarts what ends by itself, and gives it time to stop', () => {
    const jobs = ['volume-owner', 'admin-token', 'cli', 'demo-config'];
    expect(namesWhere(({ restart }) => restart !== 'unless-stopped')).toEqual(jobs);
    expect(namesWhere((service) => service.stop_grace_period !== '15s')).toEqual([]);
  });

  it('asks every long-running container how it is', () => {
    const silent = namesWhere(({ healthcheck, restart }) => restart === 'unless-stopped' && healthcheck === undefined);
    // Their images hold one binary and nothing to ask with.
    expect(silent).toEqual(['otel-collector', 'jaeger', 'nats-exporter']);
  });

  it('starts the services by default, the demo and the observability only when asked', () => {
    const inProfile = (profile: string): string[] =>
      all.filter(([, { profiles }]) => profiles.join() === profile).map(([name]) => name);
    expect(inProfile('').sort()).toEqual([...houseServices, 'nats', 'redis', 'volume-owner'].sort());
    expect(inProfile('demo')).toEqual(['fake-crm', 'demo-config']);
    expect(inProfile('tools')).toEqual(['admin-token', 'cli']);
    expect(inProfile('observability')).toHaveLength(5);
  });

  it('mounts only files that exist and volumes that are declared', () => {
    const sources = all.flatMap(([, { volumes }]) => volumes.map((volume) => volume.split(':')[0] ?? ''));
    const known = (source: string): boolean =>
      source.startsWith('./') ? existsSync(join(root, source)) : source in compose.volumes;
    expect(sources.filter((source) => !known(source))).toEqual([]);
  });

  it('names only services that exist as dependencies', () => {
    const wanted = all.flatMap(([, service]) => service.depends_on);
    expect(wanted.filter((name) => !(name in compose.services))).toEqual([]);
  });
});

describe('settings in the compose file', () => {
  const secured = Object.fromEntries(
    houseServices.map((name) => [`NATS_PASSWORD_${name.toUpperCase().replaceAll('-', '_')}`, `of-${name}`]),
  );

  it.each(houseServices)('%s accepts them, with passwords and without', async (name) => {
    const schema = await settingsSchemaOf(name);
    const open = settings(schema, environmentOf(name, {}));
    expect(open).toMatchObject({ NATS_URL: 'nats://nats:4222', HTTP_HOST: '0.0.0.0', HTTP_PORT: 8080 });
    const closed = settings(schema, environmentOf(name, { ...secured, REDIS_PASSWORD: 'rp' }));
    expect(closed).toMatchObject({ NATS_USER: name });
  });

  it('give Redis with its password to those that wait for it', () => {
    const { services } = loadCompose({ REDIS_PASSWORD: 'rp' });
    const given = Object.entries(services).filter(([, { environment }]) => 'REDIS_URL' in environment);
    expect(given.map(([name]) => name).sort()).toEqual(namesWhere((one) => one.depends_on.includes('redis')).sort());
    expect(new Set(given.map(([, { environment }]) => environment.REDIS_URL))).toEqual(
      new Set(['redis://:rp@redis:6379']),
    );
  });

  it.each(houseServices)('%s knows every one of them', async (name) => {
    const known = Object.keys((await settingsSchemaOf(name)).shape);
    const names = Object.keys(environmentOf(name, {})).filter((variable) => !/^(OTEL_|NODE_ENV$)/.test(variable));
    expect(names.filter((variable) => !known.includes(variable))).toEqual(name === 'call-ingest' ? ['AMI_SECRET'] : []);
  });
});

/** What a service's process sees: the image's variables, then those of the compose file. */
function environmentOf(name: string, variables: Readonly<Record<string, string>>): Record<string, string> {
  const dockerfile = readFileSync(join(root, 'deploy/docker/Dockerfile'), 'utf8');
  const line = /^ENV (.*HTTP_PORT.*)$/m.exec(dockerfile)?.[1] ?? '';
  const ofImage = Object.fromEntries(
    [...line.matchAll(/(\w+)=(\S+)/g)].map(([, key = '', value = '']) => [key, value]),
  );
  return { ...ofImage, ...loadCompose(variables).services[name]?.environment };
}

async function settingsSchemaOf(name: string): Promise<SettingsSchema<object>> {
  const module: unknown = await import(pathToFileURL(join(root, 'services', name, 'src/config.ts')).href);
  if (typeof module !== 'object' || module === null || !('settingsSchema' in module)) {
    throw new Error(`services/${name}/src/config.ts exports no settingsSchema`);
  }
  return module.settingsSchema as SettingsSchema<object>;
}
