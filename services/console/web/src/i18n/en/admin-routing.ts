export const adminRouting = {};
