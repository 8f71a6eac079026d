export const missing = { title: 'This page does not exist', back: 'To the start' };
