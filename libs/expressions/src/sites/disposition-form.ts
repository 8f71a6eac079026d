/**
 * The saved fields of a management form as OMniLeads sends them: ASCII-only JSON as Python's `json.dumps` writes it (a
 * blank after `,` and `:`), in base64url without padding (RFC 4648, section 5). Empty when there is no form.
 */
export function encodeForm(form: Readonly<Record<string, unknown>> | undefined): string {
  return form === undefined ? '' : Buffer.from(pythonJson(form), 'latin1').toString('base64url');
}

function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return asciiJson(value ?? null);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields.map(([name, field]) => `${asciiJson(name)}: ${pythonJson(field)}`).join(', ')}}`;
}

const asciiJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
