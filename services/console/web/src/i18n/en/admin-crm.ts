export const adminCrm = {};
