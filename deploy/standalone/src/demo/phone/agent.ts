/** Whose telephone it is. */
export const demoAgent = { id: '1001', name: 'Ana Torres', interface: 'PJSIP/1001' } as const;
/** Whoever gets the calls that are handed on. */
export const demoColleague = { id: '1002', name: 'Luis Romero', interface: 'PJSIP/1002' } as const;

/** `calling`: he has picked up to call somebody, whose telephone rings. */
export type PhoneUse = 'idle' | 'ringing' | 'calling' | 'talking' | 'held';
