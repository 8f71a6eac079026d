import { crmCall } from '@patchcord/contracts';
import { parse } from 'yaml';
import { z } from 'zod';
import { Problem, usage } from '../problem.ts';

/** A connection in a file, alone or as `config apply` takes it: a list with one under `crm-connection`. */
export function readConnection(text: string, path: string): Record<string, unknown> {
  const given = readYaml(text, path);
  const asSet = z.object({ 'crm-connection': z.array(z.record(z.string(), z.unknown())).length(1) }).safeParse(given);
  const [only] = asSet.data?.['crm-connection'] ?? [];
  if (only !== undefined) return only;
  const alone = z.looseObject({ connector: z.string() }).safeParse(given);
  if (alone.success) return alone.data;
  throw usage(`${path}: expected one crm-connection, with connector and baseUrl`);
}

/** A call to be logged. What is wrong with it is told by its place. */
export function readCall(text: string, path: string): z.output<typeof crmCall> {
  const parsed = crmCall.safeParse(readYaml(text, path));
  if (parsed.success) return parsed.data;
  const details = parsed.error.issues.map(({ path: place, message }) => `${place.join('.')}: ${message}`);
  throw new Problem(`${path}: no call that can be logged`, { exitCode: 2, details });
}

/** JSON is YAML too. */
function readYaml(text: string, path: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw new Problem(`${path}: ${cause instanceof Error ? cause.message : 'cannot be read'}`, { exitCode: 2, cause });
  }
}
