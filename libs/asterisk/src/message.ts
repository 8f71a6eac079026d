/**
 * One AMI message (event, response or action): its headers in the order of the wire. Names repeat on purpose
 * (`ChanVariable`, `Variable`, `Output`), so a map would lose some of them.
 */
export interface AmiMessage {
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** The first value of a header, by its name in any case; undefined when it is not there. */
export function field(message: AmiMessage, name: string): string | undefined {
  return find(message, name)?.[1];
}

/** Every value of a header that repeats, in order. */
export function fields(message: AmiMessage, name: string): string[] {
  const wanted = name.toLowerCase();
  return message.headers.filter(([header]) => header.toLowerCase() === wanted).map(([, value]) => value);
}

function find(message: AmiMessage, name: string): readonly [string, string] | undefined {
  const exact = message.headers.find(([header]) => header === name);
  if (exact !== undefined) return exact;
  const wanted = name.toLowerCase();
  return message.headers.find(([header]) => header.toLowerCase() === wanted);
}
