/** `PJSIP/1001-00000649`: technology, endpoint and a number. A Local channel: `Local/1001@agents-00000003;1`. */
export interface ChannelName {
  /** The phone's address without the number, as queues name their members: `PJSIP/1001`. */
  readonly device: string;
  readonly technology: string;
  /** `1001`, of a Local channel the extension. */
  readonly endpoint: string;
  /** Which half of a Local channel. */
  readonly half?: '1' | '2';
}

export function parseChannelName(name: string): ChannelName {
  const half = /;([12])$/.exec(name)?.[1];
  const whole = half === undefined ? name : name.slice(0, -2);
  const device = whole.replace(/-[0-9a-f]{4,}$/i, '');
  return { ...parseInterface(device), ...(half === '1' || half === '2' ? { half } : {}) };
}

/** The address of a queue member: `PJSIP/1001`, `Local/1001@agents/n`. */
export function parseInterface(device: string): ChannelName {
  const slash = device.indexOf('/');
  if (slash === -1) return { device, technology: '', endpoint: device };
  const technology = device.slice(0, slash);
  const endpoint = device.slice(slash + 1).replace(/[@/].*$/, '');
  return { device, technology, endpoint };
}

/** What both halves of a Local channel have in common. */
export const localPair = (name: string): string => name.replace(/;[12]$/, '');
