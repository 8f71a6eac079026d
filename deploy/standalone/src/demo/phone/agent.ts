/** Whose telephone it is. */
export const demoAgent = { id: '1001', name: 'Ana Torres', interface: 'PJSIP/1001' } as const;

export type PhoneUse = 'idle' | 'ringing' | 'talking' | 'held';
